/** What is said between the facts, by topic and in general: it has the words of the topic and holds nothing. */
export const CHATTER = {
  network: [
    'The tunnel is up again, I can ping both ends.', 'Can you check the VLAN tagging on the uplink, something is odd there.',
    'I looked at the firewall log and see only the usual scans.', 'Which port was that on the switch? I lost the note.',
    'DHCP hands out addresses again.', 'The access point in the corner reboots now and then, I will watch it.',
    'Let me draw the network before we touch the firewall.', 'Routing looks right to me, the fault is further out.',
  ],
  backup: [
    'The backup report has a yellow line again, nothing serious.', 'Verification of the restore points is still running.',
    'I will have a look at the repository after lunch.', 'Could you start a test restore so that we have one this month?',
    'The job log is long, but the end says success.', 'The backup took longer than last night, let us see tomorrow.',
  ],
  servers: [
    'Services are back, users can log on.', 'Memory looks fine, the processor is bored.',
    'I took a snapshot before the update.', 'The event log has a few warnings about time sync.',
    'Did anybody reboot the server, or was that the update?', 'Let us plan the migration properly and not in a hurry.',
  ],
  security: [
    'The alert was a false positive, I closed it.', 'I sent them the article about passwords once more.',
    'The scan is finished, the report is in the folder.', 'Policies are applied, the agent checks in.',
  ],
  mail: [
    'The message trace shows it as delivered.', 'Outlook needed a new profile, that was all.',
    'I cleaned up the distribution lists while I was there.', 'SPF and DKIM look right.',
  ],
  phones: [
    'Calls are clear again after the restart of the gateway.', 'The handset had an old firmware, it updates itself now.',
    'They want another greeting, I asked for the text.', 'Porting takes a while, as always.',
  ],
  printing: ['The queue is empty and the test page came out.', 'Paper jam, the usual tray.', 'I reinstalled the driver and it prints.'],
  files: ['The share is reachable, permissions look right.', 'I restored the shortcut on the desktop.', 'Offline files were the culprit, I switched them off.'],
  people: ['They are happy with us, the last survey was good.', 'I left a message, they will ring back.', 'Accounts are made, the laptop is on its way.'],
  contract: ['The invoice went out on Friday.', 'They asked for a review of the agreement in autumn.', 'I put the hours on the ticket.'],
  tickets: ['The ticket is in the queue of the second line.', 'I asked for more details in the ticket.', 'Closed, and the customer confirmed.'],
}; // prettier-ignore

export const GENERAL = [
  'Thanks, looks good.', 'OK, go ahead.', 'Perfect.', 'One moment, the customer is on the phone.', 'Can you write that up, please?',
  'Sure, I will do that next.', 'Let me check.', 'What else is open?', 'Good morning! Where did we stop yesterday?',
  'I am back from lunch.', 'That took longer than it should have.', 'Please keep it short for the customer.',
  'Could you summarise what we have so far?', 'Done, anything else?', 'No, that is all for today.', 'Hmm, that is strange.',
  'I will try again.', 'Please look at the output below and tell me what you think.', 'That worked.', 'Still the same.',
  'Yes, please.', 'Wait, not yet.', 'I updated the documentation.', 'Let us do it tomorrow, they are busy.',
]; // prettier-ignore

/** Sentences before and after what matters, as people and assistants write them. */
export const LEADS = ['For the record:', 'Just so that it is written down:', 'By the way,', 'One more thing:', 'As agreed,', 'Noted.', 'So,', 'Looking at the documentation:', 'To answer that:']; // prettier-ignore
export const TAILS = [
  'I put it into the documentation as well.', 'Let me know if that should be different.', 'The customer knows about it.',
  'I will check it again next week.', 'Nothing else was touched.', 'That should be all for this point.',
  'If it happens again we look deeper.', 'I have told the team in the channel.', 'It took me about twenty minutes.',
  'The rest stays as it was.', 'There is a photo in the ticket.', 'We can revisit that at the next review.',
  'I tested it from my own machine and it behaves as expected, also after a restart.',
  'There were no complaints so far, but it has only been a few hours, so I would not close it yet.',
]; // prettier-ignore

/** What is answered when something is asked again: where it was found, and not what it is. */
export const POINTERS = [
  'That is in the documentation, I have opened it for you.', 'We had that before, see the note of last time.', 'I found it and put it into the ticket.',
  'As it was, nothing has changed there.', 'Yes, the documentation is right about that.', 'I sent it to you in the channel.',
  'Looked it up, you have it on the screen now.', 'Done, I used what we have on file.',
]; // prettier-ignore

/** What people ask an assistant to do, beside the clients. */
export const CHORES = [
  'run the linter again', 'commit this', 'please fix the tests', 'why does the build fail?', 'add a comment above the function', 'make it shorter',
  'can you write that up as a ticket?', 'rename the variable to total', 'what does this error mean?', 'convert this to a script', 'undo that',
]; // prettier-ignore

/** Lines that hooks write of tools: which, on what, how it went. */
export const TOOL_LINES = [
  'Bash ping -c 3 {ip}: ok', 'Bash ssh {host} uptime: ok', 'Bash npm test: ok', 'Bash npm run lint: failed', 'Edit docs/{host}.md: ok',
  'Write notes/{site}.md: ok', 'Bash git commit -am "update {host}": ok', 'Bash Get-Service -ComputerName {host}: ok', 'Edit inventory/network.yml: ok',
  'Bash curl -sI https://{domain}: ok', 'Write tickets/{ticket}.md: ok', 'Edit scripts/backup.ps1: ok', 'Bash nslookup {domain}: failed',
]; // prettier-ignore

export const OUTPUTS = [
  'Pinging {ip} with 32 bytes of data: Reply from {ip}: bytes=32 time<1ms TTL=128', 'Get-Service on {host}: 143 services, 2 stopped',
  'ipconfig /all on {host}: IPv4 Address {ip}, Subnet Mask 255.255.255.0', 'Test-NetConnection {host}: TcpTestSucceeded True',
  'dir \\\\{host}\\c$: 214 GB free', 'Get-WinEvent on {host}: no errors since yesterday', 'tracert {ip}: 3 hops, complete',
]; // prettier-ignore

export const OPENINGS = {
  network: ['Network work for {client} today.', 'Next on the list is the network of {client}.', 'I have questions about the lines and the firewall.'],
  backup: ['Let us go through the backups of {client}.', 'Backup review, as every month.', 'I look after the restore side today.'],
  servers: ['Servers of {client}: a few points.', 'I am on the machines again, several things.', 'Maintenance for {client}.'],
  security: ['Security round for {client}.', 'A few things about protection of the endpoints.'],
  mail: ['Mail topics for {client}.', 'Somebody has trouble with mail again.'],
  phones: ['Telephony at {client}.', 'The telephones again.'],
  printing: ['Printers. Of course.', '{client} has a printing problem.'],
  files: ['File shares of {client}.', 'A few questions about drives and folders.'],
  people: ['People and places at {client}.', 'Some organisational points.'],
  contract: ['Contract questions for {client}.', 'Commercial points before the meeting.'],
  tickets: ['Tickets of {client} that are open.', 'I go through the queue.'],
}; // prettier-ignore
