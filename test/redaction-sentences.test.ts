import { redact } from '../src/formats/redaction/redact.js';
import { SENTENCES } from './sentences.js';

/** Sentences that were once taken for commands, settings or blocks with a secret. */
const KEPT = [
  'Set the AWS password policy',
  'the aws account password is in 1Password',
  'AWS: use the pass through mode',
  'rclone pass rate is 80',
  'Vault login page is slow',
  'vault login failed for user',
  'The user Maria identified by technician',
  'User accounts identified by finance were disabled',
  'redis-cli auth failed again',
  'nmcli password prompts',
  'rman copies to nas/backup',
  'expdp writes into dump/export',
  'sqlplus files in docs/readme',
  'wmiexec ratio:3@site',
  'We keep the net user experience as it was before',
  'set password tomorrow',
  'set password manually',
  'enable password caching',
  'enable password hints',
  'password 8 chars',
  'password 7 characters',
  'password 5 tries',
  'username foo secret bar',
  'pre-shared-key mismatch',
  'crypto isakmp key mismatch',
  'neighbor 10.0.0.1 password mismatch',
  'ppp chap password wrong',
  'Secret: >\n  Ask Bob at the desk\n  before noon',
  'Secret: >\n  Ask Bob\nhost: srv01a',
  'echo "backup done" | mail -s report --stdin',
];

/** Secrets between ⟦ and ⟧ that are plain words: where they stand tells them. */
const MASKED = [
  'redis-cli -h cache auth ⟦canary⟧',
  '$ vault login ⟦canary⟧',
  'cd /srv && vault login ⟦canary⟧',
  'docker exec -it cache redis-cli auth ⟦canary⟧',
  'nmcli dev wifi connect home password ⟦canary⟧ ifname wlan0',
  'rclone config create nas sftp user bob pass ⟦canary⟧ host h',
  'sudo mysqladmin -u root password ⟦canary⟧',
  'aws configure set aws_session_token ⟦canary⟧',
  'wpa_passphrase home ⟦canarybird⟧',
  'sqlplus -S scott/⟦canary⟧',
  'C:\\oracle\\bin\\sqlplus system/⟦manager⟧ as sysdba',
  'expdp userid=scott/⟦canary⟧ full=y',
  'sqlplus "sys/⟦canary⟧ as sysdba"',
  'rman target sys/⟦canary⟧ nocatalog',
  'rman target sys/⟦canary⟧@db log x.log',
  'wmiexec.py -dc-ip 192.0.2.2 admin:⟦canary⟧@192.0.2.1 whoami',
  'net user bob ⟦canary⟧',
  'net user bob ⟦canary⟧ /add /fullname:"Bob Smith"',
  'Run net user bob ⟦canary⟧ /add on the server, then restart it',
  'net user bob ⟦P&ss1canary⟧ /add & echo done',
  'net use z: \\\\srv\\share ⟦canary⟧ > nul',
  'docker login -u x -p ⟦server⟧',
  'mysql -u root -p⟦server⟧ shop',
  'username bob privilege 15 secret ⟦canary⟧',
  'sw1(config)#username bob secret ⟦canary⟧',
  'username bob password 0 ⟦canary⟧',
  'enable password level 15 ⟦canary⟧',
  'enable password ⟦cisco⟧',
  'hostname sw1\n!\nenable secret ⟦canary⟧\n!',
  'router bgp 65000\n neighbor 192.0.2.1 password ⟦canary⟧',
  'config system admin\n edit bob\n set password ⟦canary⟧\n next\nend',
  'enable algorithm-type sha256 secret ⟦canary⟧',
  ' ikev2 remote-authentication pre-shared-key ⟦CANARY1⟧',
  'echo "⟦canary⟧" | vault login -',
  'FGT (admin) # set password ⟦canary⟧',
  'snmp-server community ⟦public⟧',
  'neighbor 192.0.2.1 password 7 ⟦0822455D0A16⟧',
  'alter user bob identified by ⟦canary⟧ account unlock',
  'CREATE USER bob\nIDENTIFIED BY ⟦canary⟧',
  'echo ⟦canary⟧ | docker login -u x --password-stdin r.example',
  'password: |\n  ⟦canary⟧\nuser: bob',
];

describe('redact, of sentences', () => {
  it.each(KEPT)('keeps %s', text => expect(redact(text)).toBe(text));

  it.each(MASKED)('masks %s', text => {
    const masked = redact(text.replace(/[⟦⟧]/g, ''));
    expect(masked.replace(/\[redacted:[a-z_]+\]/, '')).toBe(text.replace(/⟦.*⟧/, ''));
  });

  it('keeps at least 99 of 100 sentences about passwords and programs', () => {
    const changed = SENTENCES.filter(text => redact(text) !== text);
    expect(new Set(SENTENCES).size).toBeGreaterThan(1000);
    expect(changed.slice(0, Math.max(0, changed.length - SENTENCES.length / 100))).toEqual([]);
  });
});
