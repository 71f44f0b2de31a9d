import fc from 'fast-check';
import { secretName } from '../src/formats/redaction/secret-names.js';
import { redact, redactValue } from '../src/formats/redaction/redact.js';

const KEY = `-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbkCANARYc2gtdjEAAAAA\nCANARYxyz==\n-----END OPENSSH PRIVATE KEY-----`;
const RANDOM = 'CANARY9xQ2mW7vT4kR8pL3nZ6bD1fG5hJ0s';
const JWT = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.${RANDOM}`;

/** Secrets stand between ⟦ and ⟧; all around them stays. */
const SECRETS = [
  'mysql -u root -p⟦CANARY1⟧ shop',
  "mysqldump -h db -uroot -p'⟦CANARY two; words⟧' shop > shop.sql",
  'ssh db "mysql -uroot -p⟦CANARY1⟧" && mkdir -p /srv/data',
  'PGPASSWORD=⟦CANARY2⟧ psql -h db',
  'export DB_PASSWORD="⟦CANARY with space⟧"; ./run',
  'tool --password ⟦CANARY3⟧ --verbose',
  'tool --db-password=⟦CANARY3⟧ --user bob',
  "New-LocalUser bob -Password '⟦CANARY3⟧'",
  'ConvertTo-SecureString "⟦CANARY4⟧" -AsPlainText -Force',
  'xfreerdp /v:host /u:bob /p:⟦CANARY5⟧ /cert:ignore',
  'cmdkey /add:host /user:bob /pass:⟦CANARY5⟧',
  'net use z: \\\\srv\\share ⟦CANARY6⟧ /user:ACME\\bob',
  'net use \\\\srv\\share /user:bob "⟦CANARY6⟧"'.replace(/"/g, ''),
  'net user bob ⟦CANARY6⟧ /add',
  'sshpass -p ⟦CANARY7⟧ ssh root@host',
  'plink -ssh bob@host -pw ⟦CANARY7⟧ ls',
  'redis-cli -h cache -a ⟦CANARY7⟧ ping',
  'sqlcmd -S srv -U sa -P ⟦CANARY7⟧ -Q "select 1"',
  'curl -u bob:⟦CANARY8⟧ https://host/x',
  'smbclient //srv/c$ -U bob%⟦CANARY8⟧',
  `curl -H "Authorization: Bearer ⟦${RANDOM}⟧" https://host`,
  'Authorization: Basic ⟦Q0FOQVJZOmNhbmFyeQ==⟧',
  `X-Api-Key: ⟦${RANDOM}⟧`,
  'Cookie: ⟦sid=CANARY; other=1⟧',
  'postgres://app:⟦CANARY/9⟧@db:5432/app'.replace('/9', '9'),
  'redis://:⟦CANARY9⟧@cache:6379/0',
  'amqp://u:⟦CANARY@9⟧@mq/',
  'Server=db;User Id=sa;Password=⟦CANARY10⟧;Encrypt=true',
  `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=⟦${RANDOM}==⟧;EndpointSuffix=core`,
  `https://x.blob.core.windows.net/c?sv=1&sig=⟦${RANDOM}%3D⟧&se=2026`,
  'https://host/cb?token=⟦CANARYabc⟧&state=1',
  '{"user": "bob", "password": "⟦CANARY \\"quoted\\"⟧", "port": 5432}',
  '{\\"client_secret\\":\\"⟦CANARY11⟧\\",\\"a\\":1}',
  "{'apiKey' => '⟦CANARY11⟧', 'b' => 2}",
  'password: ⟦CANARY12⟧\nuser: bob',
  '<password>⟦CANARY13⟧</password>',
  '<add key="DbPassword" value="⟦CANARY13⟧"/>',
  "CREATE USER bob IDENTIFIED BY '⟦CANARY14⟧'",
  "ALTER ROLE bob WITH PASSWORD '⟦CANARY14⟧' LOGIN",
  'The password is ⟦CANARY15!⟧ for the firewall',
  'New-LocalUser bob -Password (ConvertTo-SecureString "⟦CANARY16⟧" -AsPlainText -Force)',
  "Set-ADAccountPassword -NewPassword (ConvertTo-SecureString -String '⟦CANARY16⟧' -AsPlainText -Force)",
  "Import-PfxCertificate -Password (ConvertTo-SecureString '⟦CANARY16⟧' -AsPlainText)",
  'ConvertTo-SecureString ⟦CANARY16⟧ -AsPlainText -Force',
  '"⟦CANARY16⟧" | ConvertTo-SecureString -AsPlainText -Force',
  "$cred = New-Object PSCredential('user','⟦CANARY16⟧')",
  '[PSCredential]::new("user",("⟦CANARY16⟧"|ConvertTo-SecureString -AsPlainText -Force))',
  "CREATE LOGIN x WITH PASSWORD = N'⟦CANARY17⟧'",
  "SET PASSWORD FOR 'u'@'h' = PASSWORD('⟦CANARY17⟧')",
  'alter user bob identified by ⟦CANARY17⟧;'.replace(';', ''),
  'db:\n  password: |\n    ⟦CANARY18 one\n\n    CANARY18 two⟧\n  user: bob',
  'password: >-\r\n  ⟦CANARY18⟧\r\nuser: bob',
  'enable password ⟦CANARY19⟧',
  'sw1(config)#enable secret 5 ⟦$1$abcd$CANARY19⟧',
  'username bob password 0 ⟦CANARY19⟧',
  'username bob privilege 15 secret ⟦CANARY19⟧',
  'snmp-server community ⟦canary⟧ RO',
  'crypto isakmp key ⟦canary⟧ address 192.0.2.1',
  ' set psksecret ⟦canary⟧',
  'config system admin\n set password ENC ⟦CANARY20⟧\nend',
  'radius-server host 192.0.2.1 key 7 ⟦CANARY20⟧',
  'set system root-authentication encrypted-password "⟦$6$CANARY⟧"',
  "xfreerdp /u:x /p:'⟦CANARY21 a⟧' /v:h",
  'winrs -r:h -u:x -p:"⟦CANARY21⟧" cmd',
  'certutil -p ⟦CANARY21⟧ -importpfx f',
  'reg add "HKLM\\..\\Winlogon" /v DefaultPassword /t REG_SZ /d ⟦CANARY21⟧ /f',
  'BitLocker: ⟦123456-234567-345678-456789-567890-678901-789012-890123⟧.',
  'docker login -u=x -p=⟦CANARY22⟧ r.example',
  'az login -u x@y.example -p ⟦CANARY22⟧',
  'echo "root:⟦CANARY23⟧" | sudo chpasswd',
  "echo '⟦CANARY23⟧' | sudo -S apt update",
  'echo ⟦CANARY23⟧ | passwd --stdin bob',
  'rar a -hp⟦CANARY24⟧ a',
  'sqlplus sys/⟦CANARY24⟧@db as sysdba @/srv/run.sql',
  'impacket-psexec d/u:⟦CANARY24⟧@h',
  'secretsdump.py d/u:⟦CAN@RY24⟧@192.0.2.1'.replace('CAN@RY', 'CANARY'),
  'mysqladmin -u root password ⟦CANARY24⟧',
  'aws configure set aws_secret_access_key ⟦CANARY25⟧',
  'zip -P \\"⟦CANARY a⟧\\" out.zip in',
  'recovery key: ⟦CANARY26⟧',
  `//registry.npmjs.org/:_authToken=⟦${RANDOM}⟧`,
  `the key ⟦${KEY}⟧ was used`,
  `⟦-----BEGIN RSA PRIVATE KEY-----\\nMIICANARY\\nabc⟧", "cut off"`,
  `⟦<private>CANARY all\nof it</private>⟧ after`,
  `token ⟦${JWT}⟧ done`,
  ...[
    `okt_0198c0de_${RANDOM}_1a2b3c`,
    'AKIACANARYCANARY2345',
    `ghp_${RANDOM}`,
    `github_pat_${RANDOM}`,
    `glpat-${RANDOM}`,
    `xoxb-123456789012-${RANDOM}`,
    `sk_live_${RANDOM}`,
    `AIza${RANDOM}`,
    `sk-proj-${RANDOM}`,
    `npm_${RANDOM}`,
    `hvs.${RANDOM}`,
    `SG.${RANDOM}.${RANDOM}`,
  ].map(one => `uses ⟦${one}⟧ there`),
  `https://hooks.slack.com/services/⟦T00/B00/${RANDOM}⟧`,
  'set passwd ⟦CANARY9xQ⟧',
  ' set passwd ENC ⟦CANARY9xQ⟧',
  'passwd --stdin bob <<< ⟦CANARY9xQ⟧',
  'cryptsetup luksOpen /dev/sda1 data <<< ⟦CANARY9xQ⟧',
  'lftp -u user,⟦CANARY9xQ⟧ ftp.acme.example',
  'mosquitto_pub -h mq -u bob -P ⟦CANARY9xQ⟧ -t a -m b',
  'kubectl create secret generic db --from-literal=foo=⟦CANARY9xQ⟧',
  'vault kv put secret/acme foo=⟦CANARY9xQ⟧',
  'gh secret set DEPLOY -b ⟦CANARY9xQ⟧',
  'security add-generic-password -a bob -s wifi -w ⟦CANARY9xQ⟧',
  'wpa-psk ascii 0 ⟦CANARY9xQ⟧',
  'cmdkey /add:srv /user:bob /pass:⟦CANARY9xQ⟧',
  'openssl pkcs12 -in a.pfx -passin pass:⟦CANARY9xQ⟧ -nodes',
  'set vpn ipsec site-to-site peer 1.2.3.4 authentication pre-shared-secret ⟦CANARY9xQ⟧',
  'set mgt-config users admin password ⟦CANARY9xQ⟧',
  ' set auth-pwd ⟦CANARY9xQ⟧',
  ' set priv-pwd ⟦CANARY9xQ⟧',
  'mosquitto_passwd -b /etc/mosquitto/pw bob ⟦CANARY9xQ⟧',
  'rabbitmqctl add_user bob ⟦CANARY9xQ⟧',
  'samba-tool user create bob ⟦CANARY9xQ⟧',
  'vncpasswd -f <<< ⟦CANARY9xQ⟧',
  'echo ⟦CANARY9xQ⟧ | vncpasswd -f',
  'hydra -l bob -p ⟦CANARY9xQ⟧ ssh://h',
  'ncftpput -u bob -p ⟦CANARY9xQ⟧ ftp.acme.example /x f',
  "ansible-vault encrypt_string '⟦CANARY9xQ⟧' --name db",
  'aws secretsmanager create-secret --name x --secret-string ⟦CANARY9xQ⟧',
  'aws ssm put-parameter --name x --type SecureString --value ⟦CANARY9xQ⟧',
  'az keyvault secret set --vault-name v --name n --value ⟦CANARY9xQ⟧',
  'racadm -r idrac -u root -p ⟦CANARY9xQ⟧ getsysinfo',
  'mstsc /v:srv; cmdkey /generic:srv /user:bob /pass ⟦CANARY9xQ⟧',
  'iwconfig wlan0 key s:⟦CANARY9xQ⟧',
  'ip ftp password ⟦CANARY9xQ⟧',
  'ntp authentication-key 1 md5 ⟦CANARY9xQ⟧',
  'standby 1 authentication md5 key-string ⟦CANARY9xQ⟧',
  'netdom join pc /domain:acme /userd:bob /passwordd:⟦CANARY9xQ⟧',
];

const HARMLESS = [
  'mkdir -p /srv/data && cp -pR a b && ssh -p 2222 host && docker run -p 8080:80 -u 1000:1000 x',
  'dotnet build /p:Configuration=Release',
  'git clone git@git.example.com:msp/tool.git && ssh://git@git.example.com/x',
  'max_tokens: 4096, token_type: "Bearer", password_policy: strict, tokens=12',
  'export PASSWORD=$DB_PASSWORD; echo ${TOKEN} token=${{ secrets.X }}',
  'bypass=1 compass: north, passed: 12 passport: none, monkey=3, keyboard: de',
  'The password is wrong. Reset the token, then log in.',
  'function login(user: string, password: string): boolean',
  'password=null secret: false api_key: "" token=<token>',
  'commit 0f3a9c1be2d44b1c9a70d1e8c5b6a7f8e9d0c1b2, id 0198c0de-7a11-7000-8000-0123456789ab',
  'tool --password-file /etc/pw --token-url https://host/token',
  'net use z: /delete',
  'Bearer authentication is required; Basic authentication is off',
  'Enable password authentication for SSH, then set password policy and enable secret scanning',
  'enable password rotation',
  'set password policy',
  'username and password',
  'The username must not hold the password',
  'snmp-server community strings are listed there',
  'New-LocalUser bob -Password (Read-Host -AsSecureString)',
  'Import-PfxCertificate -Password (Get-Credential).Password',
  'ConvertTo-SecureString takes a text and a key',
  "New-Object PSCredential('user', $secure)",
  'echo done | tee -a log; echo $PW | passwd --stdin bob',
  'sqlplus / as sysdba; sqlplus /nolog @scripts/run.sql',
  'the recovery codes were printed, the recovery key is in the safe',
  '123456-234567-345678, 2026-11-26, 555-123456-1',
  'echo password= | tr a b',
  'signing key rotation: docs/keys/rotation, sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'docker run -p 8080:80 x; docker login r.example; az login --tenant t; aws s3 ls s3://bucket/password',
  'kubectl create secret generic db --from-file=./pw.txt; mosquitto_pub -p 8883 -t a; vault kv get secret/acme; gh secret list',
  'set the firewall password policy, set up the admin password tomorrow; security find-certificate -p login.keychain',
  'git -C /srv/secret/token log; cat ./credentials/readme',
];

/** What patterns begin with, so that they begin everywhere. */
const PIECES = [
  'password', 'password=', 'password="', "password='\\", 'password:\\"\\\\"', '--password ', '-password-', 'pass ', 'token ',
  '://', '://a:', 'https://a:b', 'a@', 'eyJ', 'eyJaaaaaa.', 'eyJaaaaaa.bbbbbb', 'sk-', 'SG.', 'AKIA', 'okt_', 'Q~', ':AA', '1', 'a', '_', '-',
  '-----BEGIN PRIVATE KEY-----', '-----BEGIN ', '<private>', 'Private-Lines: 1\n', 'mysql -p"', 'mysql ', 'net use ', 'net user ', 'curl -u ',
  'openssl pass:', 'htpasswd -b a ', 'identified by ', ' -p', ' ', '\t', '\n', '"', "'", '\\', '=', ':', 'authorization:', 'authorization: bearer ',
  'cookie: ', 'cookie=', 'bearer ', 'api_key', 'access_', 'password is ', 'x-', '/p:', ';', '; ', ' | ', '>', '(', '[redacted:', '[redacted:a]',
  'key=', 'key:', 'pin=', 'sig="', 'at "', 'token=1&',
  'zip -P \\"', ' -P \\"', 'mysql -p\\"', 'snmpx -c\\"', 'zip -P a ', 'enable password ', 'username a password ', 'set a psk ', 'psksecret ',
  'radius-server key ', 'echo "', '| convertto-securestring', '" | ', 'pscredential ("a","', 'chpasswd <<< a:', '--stdin', 'sqlplus a/', 'impacket-x a:b@',
  'convertto-securestring -asplaintext ', 'aws secret_access_key ', 'password: |\n ', 'key: |\n ', "N'", '(A-B', '123456-', 'net use 0 ',
  'wmiexec -a \\"b\\" ', ' -a \\"b\\"', 'rman target a/b ', 'create user a identified by ', 'identified by "a" ', 'aws config password a ', 'ssh a vault login b ', 'vault login a ',
  'redis-cli auth a ', 'docker login -p is ', 'password: |\n a1\n', 'net user a b ', 'snmp-server community a ',
  'the password of a is ', 'pw ', 'pw a1!', 'pass "a', 'set the pw to ', ' as the password ', 'a1!bcdef9 as password ', 'login: a / ', 'login a/B1!cdefg ', 'user ',
  'passwd a <<< ', 'cryptsetup a ', 'set a password ', 'snmp-server user a auth md5 ', 'snmp-server user a priv ', 'qpdf --encrypt ', 'kubectl --from-literal=a=', 'vault kv put a=', 'lftp -u a,', 'rabbitmqctl add_user a ',
  'door code 4711# ', 'pin 4711 ', 'pin ', 'code ', 'psk of a: ', 'wifi key is ', 'lautet ', 'passwort auf ', 'is B1!cdefg9 ', '“B1!cdefg9 ”', 'is\n', '**', '1!.', 'root:', 'admin / ', 'creds: a ', 'ssid a, key ',
]; // prettier-ignore

describe('redact', () => {
  it.each(SECRETS)('%s', text => {
    const [before, , after] = /^([^⟦]*)⟦([^]*)⟧([^⟧]*)$/.exec(text)?.slice(1) ?? [];
    const masked = redact(text.replace(/[⟦⟧]/g, ''));
    expect(masked.replace(/\[redacted:[a-z_]+\]/, '')).toBe(`${before}${after}`);
    expect(redact(masked)).toBe(masked);
  });

  it.each(HARMLESS)('keeps %s', text => expect(redact(text)).toBe(text));

  it('masks JSON by its names, wherever they stand', () => {
    const request = {
      url: 'https://bob:CANARY@host/x',
      headers: { Authorization: 'Bearer CANARY', Accept: 'application/json' },
      list: [
        { name: 'X-Api-Key', value: 'CANARY' },
        { name: 'Accept', value: 'text/plain' },
      ],
      body: { credentials: { login: 'CANARY', pin: 1234 }, max_tokens: 5, note: 'password=CANARY' },
    };
    const masked = redactValue(request);
    expect(JSON.stringify(masked)).not.toMatch(/CANARY|1234/);
    expect(masked).toMatchObject({
      headers: { Accept: 'application/json' },
      list: [{ name: 'X-Api-Key' }, { name: 'Accept', value: 'text/plain' }],
      body: { max_tokens: 5 },
    });
    expect(redactValue(masked)).toEqual(masked);
  });

  it('masks what stands beside a name in a list or an object of two fields', () => {
    const masked = {
      headers: [
        ['X-Api-Key', 'canary'],
        ['Accept', 'text/plain'],
      ],
      raw: ['Authorization', 'CANARY1', 'Accept', 'text/plain'],
      one: { name: 'Authorization', values: ['CANARY'] },
      form: { field: 'password', value: 'CANARY' },
      recovery_codes: ['CANARY'],
      mfa_seed: 'CANARY',
      bitlocker_recovery_key: 'CANARY',
    };
    const text = JSON.stringify(redactValue(masked));
    expect(text).not.toMatch(/canary/i);
    expect(text).toContain('["Accept","text/plain"]');
    expect(text).toContain('"Accept","text/plain"]');
  });

  it('keeps lists of names and objects that tell of a field', () => {
    const plain = {
      allowed_headers: ['Authorization', 'Content-Type', 'X-Api-Key', 'Accept'],
      argv: ['tool', '--token', '--verbose'],
      words: ['password', 'reset'],
      faults: [{ field: 'password', message: 'is required', rule: 'required' }],
      pairs: [
        ['a', 'b'],
        ['name', 'Token ring'],
      ],
    };
    expect(redactValue(plain)).toEqual(plain);
  });

  it('knows the names of secrets by their words', () => {
    for (const name of ['viatoken', 'betoken', 'token_type', 'passport', 'bypass', 'secretary', 'keyboard'])
      expect([name, secretName(name)]).toEqual([name, undefined]);
    for (const name of [
      'accessToken',
      'authtoken',
      'PGPASSWORD',
      'dbpassword',
      'client_secret',
      'SessionToken',
    ])
      expect([name, secretName(name)]).not.toEqual([name, undefined]);
  });

  it('masks a long value whole, wherever names stand in it', () => {
    const long = RANDOM.repeat(40);
    for (const name of ['key', 'password', 'sig', 'key=key', `key=${'key='.repeat(500)}token`])
      expect(redact(`${name}=${long} end`)).toMatch(/^(key=)*\w+=\[redacted:\w+\] end$/);
    expect(redact(`password="${long}`)).toBe('password="[redacted:password]');
  });

  it('changes nothing when it is done twice, whatever stands side by side', () => {
    const some = fc.array(fc.constantFrom(...PIECES, ' ', '=', 'CANARY9x', RANDOM, 'a=b'), { maxLength: 12 });
    fc.assert(
      fc.property(some, parts => {
        const masked = redact(parts.join(''));
        expect(redact(masked)).toBe(masked);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes time in proportion to the length, whatever a text is made of', () => {
    const slow: [string, number][] = [];
    const measure = (name: string, text: string, most: number) => {
      const start = performance.now();
      redact(text);
      const took = performance.now() - start;
      if (took > most) slow.push([name, took]);
    };
    measure('digits behind a name', `token${'1'.repeat(60)}x `.repeat(100), 1000);
    for (const piece of PIECES) measure(piece, piece.repeat(Math.ceil(2 ** 16 / piece.length)), 2000);
    measure('all of them', PIECES.join('').repeat(700), 5000);
    expect(slow).toEqual([]);
  });
});
