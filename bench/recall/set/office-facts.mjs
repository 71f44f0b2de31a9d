/** Kinds of facts about people, mail, telephony, printing, contracts and tickets; in the form of `network-facts.mjs`. */
export const OFFICE_FACTS = [
  {
    id: 'contact', topic: 'people', name: 'role',
    said: ['{person} is the {role} at the {site}, she signs off quotes.', 'Spoke with {person}, the {role} of the {site}.'],
    pair: [['Who is the {role} at the {site}?', '{person}, best by mobile before ten.']],
    ask: ['who is the {role} of the {site}?', 'whom do I talk to at the {site} when I need the {role}?', 'who can approve a quote at the {site}?'],
    change: { slot: 'person', said: ['{new} has taken over as {role} of the {site} from this week on.'], now: ['who is {role} of the {site} now?'], before: ['who was the {role} at the {site} before the handover?'] },
  },
  {
    id: 'mail plan', topic: 'mail',
    said: ['Mail is on {mail}, {count} seats.'],
    pair: [['Which licences do they have for mail?', '{mail}, {count} of them.']],
    ask: ['what email plan are they on?', 'how many mailbox licences do they pay for?', 'a new starter needs a mailbox, what do I assign?'],
    change: { slot: 'mail', said: ['The tenant has been switched to {new}, everybody keeps the address.'], now: ['which mail plan do they have now?'], before: ['what were their mailboxes on before we switched the tenant?'] },
  },
  {
    id: 'spam filter', topic: 'mail',
    said: ['Inbound mail passes {filter} before it reaches the tenant.'],
    pair: [['What stands in front of the mailboxes?', '{filter}. Quarantine digests go out at {hour}.']],
    ask: ['which spam filter do they have?', 'a message never arrived, in which quarantine do I look?', 'what scans inbound email?'],
    change: { slot: 'filter', said: ['MX records point to {new} since lunch, the old service is cancelled.'], now: ['what filters their email currently?'], before: ['which mail filter did they use before the MX records changed?'] },
  },
  {
    id: 'shared mailbox', topic: 'mail', name: 'person',
    said: ['{person} has full access to the accounts mailbox, send-as included.'],
    pair: [['Who may send from the accounts mailbox?', '{person} only, the {role} insisted on that.']],
    ask: ['who can send as the accounts address?', 'which user has rights on the shared finance mailbox?'],
  },
  {
    id: 'phone system', topic: 'phones',
    said: ['Telephony is {phones} with {handset} sets.'],
    pair: [['What do they make calls with?', '{phones}, and {handset} on the desks.']],
    ask: ['what phone system do they use?', 'which desk phones were rolled out?', 'calls are dropping, what platform is it?'],
    change: { slot: 'phones', said: ['Numbers were ported, they are live on {new}.'], now: ['which telephone platform are they on today?'], before: ['what did they use for calls before the numbers were ported?'] },
  },
  {
    id: 'call queue', topic: 'phones',
    said: ['After {hour} calls go to the mobile of {person}.'],
    pair: [['Where should calls ring out of hours?', 'At the mobile of {person}, from {hour} on.']],
    ask: ['who gets calls outside of business hours?', 'where is the phone diverted to in the evening?'],
    change: { slot: 'person', said: ['Out-of-hours calls ring at {new} from now on.'], now: ['who takes the calls out of hours now?'], before: ['who took the evening calls at first?'] },
  },
  {
    id: 'printer', topic: 'printing',
    said: ['The {printer} at the {site} is at {ip}, driver on the print server.'],
    pair: [['What printer is it at the {site}, and on which address?', '{printer}, {ip}.']],
    ask: ['which printer stands in the {site}?', 'what is the address of the printer at the {site}?', 'toner for the {site}: what model do they have?'],
  },
  {
    id: 'print fix', topic: 'printing', name: 'printer',
    said: ['The blank pages of the {printer} came from the v4 driver; with the PCL6 one it prints.', 'Fixed the {printer} at the {site}: the spooler had a stuck job and the v4 driver was to blame.'],
    pair: [['The {printer} spits out blank pages, what was it again?', 'The v4 driver. Use PCL6 instead.']],
    ask: ['how did we solve the empty pages on the {printer}?', '{printer} prints nothing but white sheets, any idea?'],
  },
  {
    id: 'drive', topic: 'files',
    said: ['{drive} is mapped to the projects share on {host} by group policy.'],
    pair: [['What is behind {drive}?', 'The projects share on {host}, for everybody in the group.']],
    ask: ['where does the {drive} drive point to?', 'a user lost the {drive} mapping, what is the share?', 'on which server is the projects folder?'],
    change: { slot: 'host', said: ['The projects share now lives on {new}, mappings follow at the next logon.'], now: ['which server has the projects share now?'], before: ['where was the projects share before it moved?'] },
  },
  {
    id: 'rate', topic: 'contract',
    said: ['Out-of-scope work is billed at {money} an hour, travel not included.'],
    pair: [['What do we charge them beyond the contract?', '{money} an hour, in quarters of an hour.']],
    ask: ['what is the hourly rate for extra work?', 'how much do we bill for things outside of the agreement?'],
    change: { slot: 'money', said: ['From the new quarter the hourly rate for extras is {new}.'], now: ['what is the rate for extra work now?'], before: ['what did we charge for extras before the new quarter?'] },
  },
  {
    id: 'response', topic: 'contract',
    said: ['For a priority one we promised an answer within {minutes} minutes.'],
    pair: [['How fast do we have to react when all is down?', 'Within {minutes} minutes, it is in the agreement.']],
    ask: ['what response time did we promise for critical outages?', 'how quickly must somebody react to a P1?'],
  },
  {
    id: 'no remote', topic: 'contract', denied: true,
    said: ['Nobody may connect to the machines at the {site} without calling {person} first.'],
    pair: [['Can I just remote into the PCs at the {site}?', 'No, never without a call to {person} first.']],
    ask: ['may we take over a PC at the {site} without asking?', 'is unattended remote control fine in the {site}?', 'what do I have to do before I connect to a computer at the {site}?'],
  },
  {
    id: 'key', topic: 'people',
    said: ['The key to the server room of the {site} is {place}.'],
    pair: [['How do I get into the server room at the {site}?', 'The key is {place}, sign the list.']],
    ask: ['where do I find the server room key of the {site}?', 'I am locked out of the comms room in the {site}, where is the key kept?'],
  },
  {
    id: 'ticket', topic: 'tickets', name: 'ticket', exact: true,
    said: ['{ticket} is the one about the slow logons at the {site}; it was the roaming profile of {person}.', 'Closed {ticket}: {app} crashed because of a missing runtime on {host}.'],
    pair: [['What came out of {ticket}?', 'A broken patch lead at the {site}. {person} is happy.']],
    ask: ['what was {ticket} about?', 'how did {ticket} end?', 'customer refers to {ticket}, what happened there?'],
  },
  {
    id: 'change request', topic: 'tickets', name: 'change', exact: true,
    said: ['{change} covers the move of {app} to {host}, approved by {person}.'],
    pair: [['Did {change} go through?', 'Yes, {person} approved it on the phone, with a rollback to the snapshot.']],
    ask: ['who signed off {change}?', 'what does {change} contain?'],
  },
  {
    id: 'starter', topic: 'people', name: 'person',
    said: ['{person} starts on {weekday} in the {site}, needs a laptop and {app}.'],
    pair: [['What does the new starter {person} need?', 'A laptop, {app}, and a badge for the {site}.']],
    ask: ['what equipment does {person} get?', 'which software do I install for {person}, who is new?'],
  },
]; // prettier-ignore

/** What happens more than once, so that the time tells which one is meant. `what` is asked for with a date. */
export const EVENTS = [
  { id: 'backup failed', topic: 'backup', said: ['The night job of {host} failed with error 0x80{n}: the target was not reachable.', 'No restore point for {host} last night, the repository was out of space.'], ask: ['what went wrong with the backup of {host} {when}?', 'why was {host} not backed up {when}?'] },
  { id: 'outage', topic: 'network', said: ['The line at the {site} was down for {minutes} minutes, {isp} blamed a fibre cut.', 'Both tunnels from the {site} dropped; the provider had planned works and told nobody.'], ask: ['what was the outage at the {site} {when}?', 'why did the {site} lose its connection {when}?'] },
  { id: 'restart', topic: 'servers', said: ['{host} hung on the updates and I had to power it off; it came up clean after {minutes} minutes.'], ask: ['what happened to {host} {when}?', 'did we restart {host} {when}, and why?'] },
  { id: 'phish', topic: 'security', said: ['{person} typed a password into a fake login page; sessions revoked, password reset, no rules found in the mailbox.'], ask: ['who fell for a phishing mail {when}?', 'was there a compromised account {when}?'] },
  { id: 'restore', topic: 'backup', said: ['Restored the folder of {person} from {host}, {count} files, nothing was missing.'], ask: ['what did we restore {when}?', 'for whom did we bring back files {when}?'] },
  { id: 'visit', topic: 'people', said: ['Was on site at the {site}: swapped the {ups} battery and relabelled the rack.', 'Visit to the {site} done, new access point mounted and the old cabling removed.'], ask: ['what did we do on site at the {site} {when}?', 'what was done during the visit to the {site} {when}?'] },
  { id: 'certificate', topic: 'servers', said: ['The certificate of {host} had run out, users got warnings; I renewed it for a year.'], ask: ['what was the certificate trouble {when}?', 'which server had an expired certificate {when}?'] },
]; // prettier-ignore
