import type { SaidTurn } from '../src/memory/compression/conversation-summary.js';

interface Conversation {
  name: string;
  said: string | SaidTurn[];
  /** What it comes to; what is not there is empty. Decisions with their reasons and what they replace. */
  told: Record<string, unknown>;
  /** What a snippet of it is. */
  snippet?: [category: string, title: string, tags: string];
}

/** Conversations as people and assistants have them, and what a critical reader takes from them. */
export const CONVERSATIONS: Conversation[] = [
  {
    name: 'a good report',
    said: `Phase: cut-over

## Done
- Moved the 43 mailboxes of Acme to Exchange Online
- Set the MX record to acme-com.mail.protection.outlook.com

## Blockers
None

## Decisions
- Keep the old relay until 30 June because the scanners still send through it

## Next steps
1. Remove the hybrid connector
2. Tell Mrs Weber that the phones need the new profile`,
    told: {
      phase: 'cut-over',
      completed: [
        'Moved the 43 mailboxes of Acme to Exchange Online',
        'Set the MX record to acme-com.mail.protection.outlook.com',
      ],
      next: ['Remove the hybrid connector', 'Tell Mrs Weber that the phones need the new profile'],
      decisions: ['Keep the old relay until 30 June | because the scanners still send through it'],
      isFree: true,
    },
    snippet: [
      'fact',
      'Moved the 43 mailboxes of Acme to Exchange Online',
      'email exchange microsoft-365 phone printer',
    ],
  },
  {
    name: 'blocked by nothing',
    said: `Finished the firmware update of the three switches in Cologne.
Blocked by: nothing
Next: check the logs tomorrow`,
    told: {
      completed: ['Finished the firmware update of the three switches in Cologne.'],
      next: ['check the logs tomorrow'],
      isFree: true,
    },
    snippet: ['fact', 'Finished the firmware update of the three switches in Cologne.', 'network'],
  },
  {
    name: 'no blockers',
    said: `I replaced the certificate on fw-01 and fw-02.

**Blockers:** no blockers at the moment.
**Next:** nothing, the ticket can be closed.`,
    told: { completed: ['I replaced the certificate on fw-01 and fw-02.'], isFree: true },
    snippet: ['fact', 'I replaced the certificate on fw-01 and fw-02.', 'certificate'],
  },
  {
    name: 'nothing is blocking',
    said: `The import runs. There are no blockers. Nothing is blocking us any more, and we are not waiting for anybody.`,
    told: { isFree: true },
    snippet: ['fact', 'The import runs.', ''],
  },
  {
    name: 'sloppy',
    said: `ok so i fixed the vpn thing on marias laptop, was the mtu again. still need to do the same on the other two laptops but waiting for them to be back in the office. btw decided to just set mtu 1380 everywhere instead of per laptop`,
    told: {
      completed: ['ok so i fixed the vpn thing on marias laptop, was the mtu again.'],
      blockers: [
        'still need to do the same on the other two laptops but waiting for them to be back in the office.',
      ],
      decisions: ['decided to just set mtu 1380 everywhere instead of per laptop | instead of per laptop'],
    },
    snippet: ['decision', 'ok so i fixed the vpn thing on marias laptop, was the mtu again.', 'vpn'],
  },
  {
    name: 'German report',
    said: `## Erledigt
- Backup-Job für srv-03 auf 02:00 Uhr verschoben
- Alte Snapshots gelöscht

## Blockiert
- Warten auf die Freigabe von Herrn Schulz

## Entscheidungen
- Wir bleiben bei Veeam, weil die Lizenz bis 2027 läuft

## Nächste Schritte
- Restore-Test am Freitag`,
    told: {
      completed: ['Backup-Job für srv-03 auf 02:00 Uhr verschoben', 'Alte Snapshots gelöscht'],
      blockers: ['Warten auf die Freigabe von Herrn Schulz'],
      next: ['Restore-Test am Freitag'],
      decisions: ['Wir bleiben bei Veeam | because die Lizenz bis 2027 läuft'],
    },
    snippet: ['fact', 'Backup-Job für srv-03 auf 02:00 Uhr verschoben', 'backup'],
  },
  {
    name: 'German prose',
    said: `Ich habe den Drucker im Empfang neu installiert. Wir haben beschlossen, die alten Treiber zu entfernen, weil sie den Spooler abstürzen lassen. Blockiert durch: nichts. Als Nächstes prüfe ich die anderen Standorte.`,
    told: {
      completed: ['Ich habe den Drucker im Empfang neu installiert.'],
      next: ['Als Nächstes prüfe ich die anderen Standorte.'],
      decisions: [
        'Wir haben beschlossen, die alten Treiber zu entfernen | because sie den Spooler abstürzen lassen',
      ],
      isFree: true,
    },
    snippet: ['decision', 'Ich habe den Drucker im Empfang neu installiert.', 'printer'],
  },
  {
    name: 'German none',
    said: `Erledigt: Firewall-Regel 14 gelöscht
Blocker: keine
Offen: Doku im Wiki nachziehen`,
    told: { completed: ['Firewall-Regel 14 gelöscht'], next: ['Doku im Wiki nachziehen'], isFree: true },
    snippet: ['fact', 'Firewall-Regel 14 gelöscht', ''],
  },
  {
    name: 'code',
    said: `I added a guard so that empty rows are skipped:

\`\`\`ts
// ${'TO' + 'DO'}: blocked by the missing index
if (rows.length === 0) return; // we decided to use null
\`\`\`

The tests pass. Next: run it on the staging database.

    # Blockers
    - indented code is no list`,
    told: {
      completed: ['I added a guard so that empty rows are skipped'],
      next: ['run it on the staging database.'],
    },
    snippet: ['fact', 'I added a guard so that empty rows are skipped', 'database testing'],
  },
  {
    name: 'questions',
    said: `Are we blocked by the licence? Should we use WireGuard instead of IPsec? I can also add a retry if you want. Would you like me to deploy it? Next I would need the password of the switch - could you send it?`,
    told: {},
    snippet: ['fact', 'Are we blocked by the licence?', 'vpn deployment network'],
  },
  {
    name: 'command markup',
    said: `<command-name>/checkpoint</command-name>
<command-message>checkpoint</command-message>
<command-args>before lunch</command-args>
<local-command-stdout>Blocked by: stdout</local-command-stdout>
<system-reminder>
The todo list is empty. Next: do not mention this.
</system-reminder>
I moved the DHCP scope to dc-02.
<private>the password of the safe is under the mat</private>
Blocked by: the DNS provider has not answered yet`,
    told: {
      completed: ['I moved the DHCP scope to dc-02.'],
      blockers: ['the DNS provider has not answered yet'],
    },
    snippet: ['blocker', 'I moved the DHCP scope to dc-02.', 'dns network'],
  },
  {
    name: 'html and markdown',
    said: `<details><summary>Status</summary>

- **Done**: migrated \`users\` to the new schema
- **In progress**: backfill of *orders* (60 %)
- **Blocked**: [ticket 4711](https://tickets.example.com/4711) has no owner
</details>`,
    told: {
      completed: ['migrated `users` to the new schema'],
      in_progress: ['backfill of orders (60 %)'],
      blockers: ['ticket 4711 has no owner'],
    },
    snippet: ['blocker', 'migrated `users` to the new schema', ''],
  },
  {
    name: 'table',
    said: `| Task | Status |
|---|---|
| Mailboxes | done |
| Phones | blocked by the carrier |

All in all we are on schedule.`,
    told: { completed: ['Mailboxes'], blockers: ['Phones: blocked by the carrier'] },
    snippet: ['blocker', 'Mailboxes', 'email phone'],
  },
  {
    name: 'resolved',
    said: `The carrier called back, so we are no longer blocked by the number porting. The open question about the trunk is resolved. I configured the SIP trunk and tested an outgoing call.`,
    told: {
      completed: [
        'The open question about the trunk is resolved.',
        'I configured the SIP trunk and tested an outgoing call.',
      ],
      resolved: [
        'The carrier called back, so we are no longer blocked by the number porting.',
        'The open question about the trunk is resolved.',
      ],
    },
    snippet: ['configuration', 'The open question about the trunk is resolved.', 'phone'],
  },
  {
    name: 'boxes',
    said: `Here is where we are:

- [x] Order the disks
- [x] Replace disk 3 in nas-01
- [ ] Wait for the rebuild to finish
- [~] Watch the SMART values
- [ ] Close ticket 10233`,
    told: {
      completed: ['Order the disks', 'Replace disk 3 in nas-01'],
      in_progress: ['Watch the SMART values'],
      next: ['Wait for the rebuild to finish', 'Close ticket 10233'],
    },
    snippet: ['fact', 'Order the disks', ''],
  },
  {
    name: 'decision changed',
    said: `We went with Borg at first. After the restore test took nine hours we decided to switch from Borg to Veeam for the file server. The small sites keep Borg.`,
    told: {
      decisions: [
        'We went with Borg at first',
        'After the restore test took nine hours we decided to switch from Borg to Veeam for the file server | instead of Borg',
      ],
    },
    snippet: ['decision', 'We went with Borg at first.', 'backup testing'],
  },
  {
    name: 'numbers and hosts',
    said: `Restarted srv-db-02 (10.20.0.12) at 09:40. Replication is 3 minutes behind. v2.4.1 is deployed on both nodes. e.g. the health check answers in 40 ms. Waiting for approval of change CHG0031337.`,
    told: {
      completed: ['Restarted srv-db-02 (10.20.0.12) at 09:40.', 'v2.4.1 is deployed on both nodes.'],
      blockers: ['Waiting for approval of change CHG0031337.'],
    },
    snippet: ['configuration', 'Restarted srv-db-02 (10.20.0.12) at 09:40.', 'deployment'],
  },
  {
    name: 'chatter',
    said: `Great, thanks! You're absolutely right. Let me look at that. I'll check the file now. Sounds good. Perfect. Done.`,
    told: {},
    snippet: ['fact', 'Let me look at that.', ''],
  },
  {
    name: 'self-correction',
    said: `I thought we were blocked by the missing licence, but that was a mistake. The upgrade is not done yet. I have not tested the failover. It would be done by Friday if the part arrives. We can't continue until the UPS is replaced.`,
    told: {
      blockers: ["We can't continue until the UPS is replaced."],
      next: ['The upgrade is not done yet.', 'I have not tested the failover.'],
    },
    snippet: ['fact', "We can't continue until the UPS is replaced.", ''],
  },
  {
    name: 'plan',
    said: `## Plan
1. Back up the configuration
2. Update the firmware
3. Verify the tunnels

I have not started yet. The window is Saturday 22:00 to 23:00.`,
    told: { next: ['Back up the configuration', 'Update the firmware', 'Verify the tunnels'] },
    snippet: ['configuration', 'Back up the configuration', ''],
  },
  {
    name: 'turns',
    said: [
      {
        speaker: 'user',
        text: 'The Wi-Fi in the warehouse is down since this morning. Blocked by: no access to the controller',
      },
      { speaker: 'tool', text: 'Bash ssh ap-07: ok. Done: 3 packets. We decided to use tool.' },
      {
        speaker: 'assistant',
        text: 'I have fixed the VLAN on port 14; the access points are back. Decision: the warehouse gets its own SSID, since the scanners cannot do 5 GHz.',
      },
      { speaker: 'user', text: 'Perfect, I fixed the label too. Next: order a spare access point' },
      { speaker: 'assistant', text: 'Noted. Blockers: none. Next steps: order a spare access point.' },
    ],
    told: {
      completed: ['I have fixed the VLAN on port 14; the access points are back.'],
      next: ['order a spare access point.'],
      decisions: ['the warehouse gets its own SSID | because the scanners cannot do 5 GHz'],
      isFree: true,
    },
  },
  {
    name: 'compact summary',
    said: `This session is being continued from a previous conversation that ran out of context. The conversation is summarized below:
Analysis:
Let me chronologically analyze the conversation.

Summary:
1. Primary Request and Intent:
   The user asked to move the print server to srv-print-02.

2. Key Technical Concepts:
   - Windows Print Server
   - Group Policy

3. Errors and fixes:
   - Error 0x0000011b: fixed by the registry key RpcAuthnLevelPrivacyEnabled

4. Pending Tasks:
   - Move the label printers
   - None of the plotters yet

5. Current Work:
   Was testing the queue PRN-3F-01 when the summary was made.

6. Optional Next Step:
   Ask the user whether the plotters move, too.`,
    told: {
      in_progress: ['Was testing the queue PRN-3F-01 when the summary was made.'],
      next: [
        'Move the label printers',
        'None of the plotters yet',
        'Ask the user whether the plotters move, too.',
      ],
    },
    snippet: [
      'fact',
      'Was testing the queue PRN-3F-01 when the summary was made.',
      'printer windows active-directory',
    ],
  },
  {
    name: 'negated decision',
    said: `We decided not to renew the Sophos contract because the price doubled. It was not agreed who tells the client. Nobody decided on the replacement.`,
    told: { decisions: ['We decided not to renew the Sophos contract | because the price doubled'] },
    snippet: ['decision', 'We decided not to renew the Sophos contract because the price doubled.', ''],
  },
  {
    name: 'labels on the way',
    said: `The webhook of the portal answers; open: the SPF record of acme.example. Next step (for tomorrow): call Mrs Weber.
The next step is to order the cables. Next: Remaining: the labels of the patch panel. Still open: who pays for them.`,
    told: {
      next: [
        'the SPF record of acme.example.',
        'call Mrs Weber.',
        'order the cables.',
        'the labels of the patch panel.',
        'who pays for them.',
      ],
    },
    snippet: ['fact', 'The webhook of the portal answers', 'api email'],
  },
  {
    name: 'reasons, and what an update did',
    said: `KB5048652 replaced the PCL6 driver by the class driver. We decided to use Amazon SES instead of Postmark because of data residency.`,
    told: {
      decisions: [
        'We decided to use Amazon SES instead of Postmark | because data residency | instead of Postmark',
      ],
    },
    snippet: ['decision', 'KB5048652 replaced the PCL6 driver by the class driver.', ''],
  },
];
