/**
 * Kinds of facts about networks. `said` stands alone; `pair` is a question of one side and the answer of the other,
 * which holds the fact; `ask` is how somebody asks for it later; `key` (`name`) is what names one fact among others of
 * the kind. `change` says that `slot` became `{new}` and how that is asked for, now and as it was before.
 */
export const NETWORK_FACTS = [
  {
    id: 'guest network', topic: 'network',
    said: ['Guest wifi at the {site} is on VLAN {vlan}, isolated from everything else.', 'I tagged VLAN {vlan} for visitors on the access points in the {site}.'],
    pair: [['Which VLAN do we give the guest SSID at the {site}?', "Let's take {vlan}, and client isolation on."]],
    ask: ['which network segment do visitors get at the {site}?', 'what vlan is the guest wireless in the {site}?', 'someone from outside wants internet at the {site}, where do their devices land?'],
    change: { slot: 'vlan', said: ['The guests at the {site} moved to VLAN {new} this morning, the old one clashed with the cameras.'], now: ['what vlan are guests on now at the {site}?'], before: ['which VLAN did visitors at the {site} use originally?'] },
  },
  {
    id: 'phone network', topic: 'phones',
    said: ['Voice traffic at the {site} runs in VLAN {vlan} with QoS marking EF.'],
    pair: [['The handsets at the {site} need their own segment. Which one?', 'Put them in {vlan}, that range is free there.']],
    ask: ['which vlan are the phones in at the {site}?', 'where do telephones sit on the network in the {site}?', 'I need to patch a new desk phone at the {site}, what do I tag the port with?'],
    change: { slot: 'vlan', said: ['We renumbered voice at the {site}: phones are in VLAN {new} as of tonight.'], now: ['what segment do the phones at the {site} use these days?'], before: ['before the renumbering, which vlan had the telephones of the {site}?'] },
  },
  {
    id: 'firewall model', topic: 'network',
    said: ['The edge at the {site} is a {firewall}, managed from our portal.'],
    pair: [['What box do they have at the perimeter of the {site}?', "It's a {firewall}, bought two years ago."]],
    ask: ['what firewall is installed at the {site}?', 'which make of firewall does the {site} have?', 'I have to order a spare for the perimeter device of the {site}, what model?'],
    change: { slot: 'firewall', said: ['Swapped the edge at the {site} for a {new} because {reason}. Policies were migrated by hand.'], now: ['which firewall protects the {site} currently?'], before: ['what was the firewall at the {site} before we swapped it?'] },
  },
  {
    id: 'why firewall', topic: 'network',
    said: ['We are replacing the {firewall} at the {site} because {reason}.'],
    pair: [['Why does the {firewall} at the {site} have to go?', 'Simply because {reason}. The customer has signed the quote.']],
    ask: ['why did the firewall of the {site} get replaced?', 'what was the reason for getting rid of the old firewall in the {site}?'],
  },
  {
    id: 'internet line', topic: 'network',
    said: ['The {site} has a {speed} line from {isp}, contract reference in the portal.'],
    pair: [['Who provides the line to the {site}, and how fast is it?', '{isp}, {speed}.']],
    ask: ['who is the internet provider at the {site}?', 'how fast is the connection of the {site}?', 'the {site} is offline, whose support line do I ring for the circuit?'],
    change: { slot: 'isp', said: ['The circuit at the {site} has gone over to {new}; the old contract ends with the month.'], now: ['who is the ISP of the {site} now?'], before: ['which internet provider did the {site} have previously?'] },
  },
  {
    id: 'vpn port', topic: 'network',
    said: ['SSL VPN listens on port {port} at {domain}, users sign in with their directory account.'],
    pair: [['What do people type as the port for remote access?', "It's {port}, since 443 is taken by the mail gateway."]],
    ask: ['which port does the vpn use?', 'a user cannot connect from home, what port should be in the client?', 'on what port is remote access published?'],
    change: { slot: 'port', said: ['Remote access moved to port {new} after the scan findings; everybody got a new profile.'], now: ['what port does remote access listen on now?'], before: ['what was the old VPN port before the scan?'] },
  },
  {
    id: 'static address', topic: 'network', name: 'host',
    said: ['{host} has the fixed address {ip}, reserved in DHCP.', 'I set {ip} on {host} and updated the documentation.'],
    pair: [['What did you give {host}?', '{ip}, outside of the scope.']],
    ask: ['what is the IP of {host}?', 'which address does {host} have?', 'I cannot ping {host}, what should it resolve to?'],
    change: { slot: 'ip', said: ['{host} was re-addressed to {new}, DNS is updated.'], now: ['what address does {host} have now?'], before: ['what IP did {host} use to have?'] },
  },
  {
    id: 'who has address', topic: 'network', name: 'ip', exact: true,
    said: ['The door controller at the {site} sits on {ip} and must not move.', 'Found the duplicate: {ip} is the label printer in the {site}.'],
    pair: [['Something answers on {ip} and nobody knows what it is.', 'That is the CCTV recorder of the {site}, leave it alone.']],
    ask: ['what is {ip}?', 'which device uses {ip}?', 'who owns the address {ip}?'],
  },
  {
    id: 'switch place', topic: 'network',
    said: ['The core switch of the {site}, a {switch}, is {place}.'],
    pair: [['Where would I find the switch in the {site}?', 'It hangs {place}, next to the patch panel.']],
    ask: ['where is the switch located at the {site}?', 'I am on site in the {site} and cannot find the network gear, where is it?', 'what switch do we have in the {site}?'],
  },
  {
    id: 'dns registrar', topic: 'network',
    said: ['The domain {domain} is registered with {registrar}, renewal every {months} months.'],
    pair: [['Where do we change records for {domain}?', 'At {registrar}, our partner account has it.']],
    ask: ['who is the registrar of {domain}?', 'where is the domain {domain} held?', 'the certificate needs a TXT record, where do I log in to manage the zone?'],
    change: { slot: 'registrar', said: ['{domain} was transferred to {new}, auth code confirmed.'], now: ['where is the domain registered today?'], before: ['who held the domain before the transfer?'] },
  },
  {
    id: 'no port forward', topic: 'network', denied: true,
    said: ['We will not open port {port} to {host} from outside, it stays behind the VPN.', 'Decided against publishing {host} on {port}: no exceptions for the supplier.'],
    pair: [['The supplier asks for a port forward of {port} to {host}. Do we do that?', "No, we don't. They get a VPN account that ends after the job."]],
    ask: ['is {host} reachable from the internet?', 'did we agree to open {port} for the vendor?', 'may the supplier have direct access from outside to {host}?'],
  },
  {
    id: 'firmware', topic: 'network',
    said: ['Firmware {version} is on the {firewall} at the {site}, the next one has a known bug with IPsec.'],
    pair: [['What release is the {firewall} at the {site} running?', '{version}, and we hold it there until the IPsec bug is mended.']],
    ask: ['what firmware does the firewall at the {site} run?', 'which software release is on the perimeter box of the {site}?'],
    change: { slot: 'version', said: ['Upgraded the edge at the {site} to {new} in the window, tunnels came back.'], now: ['which firmware is on the edge at the {site} at the moment?'], before: ['what release did the edge of the {site} have before the upgrade?'] },
  },
]; // prettier-ignore
