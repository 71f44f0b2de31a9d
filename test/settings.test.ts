import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { randomBytes } from 'node:crypto';
import { loadSettings, SettingsError } from '../src/core/config/load-settings.js';
import { Secret } from '../src/core/config/settings.js';
import { ensureDevelopmentKey, readDevelopmentKey } from '../src/core/crypto/master-key/development-key.js';
import { sourceOptions } from '../src/core/database/database.js';
import { ensureJwtSecret } from '../src/core/start/jwt-secret.js';

const KEY = randomBytes(32).toString('hex');
const JWT = 'CANARY secret of the tokens, 32 bytes and more';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opskeep-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = (environment: Record<string, string> = {}) =>
  loadSettings({ OPSKEEP_DATA: join(folder, 'data'), ...environment }, folder);

function faultsOf(environment: Record<string, string>): string[] {
  try {
    load(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as SettingsError).faults;
  }
  throw new Error('The settings were taken');
}

const KEYS_AWAY = { KEYSTORE_DATABASE_URL: 'mysql://k:k@db.canary.test/keys' };
const mode = (path: string) => statSync(path).mode & 0o777;

describe('settings', () => {
  test('have a default each', () => {
    const { settings, sources } = load();
    expect(settings).toMatchObject({
      NODE_ENV: 'development', PORT: 8000, HOST: '127.0.0.1', PUBLIC_URL: 'http://localhost:8000', DATABASE_POOL: 20,
      JWT_ALGORITHM: 'HS256', ACCESS_TOKEN_EXPIRE_MINUTES: 60, REFRESH_TOKEN_EXPIRE_DAYS: 30,
      OPSKEEP_ADMIN_EMAIL: 'admin@localhost', CORS_ORIGINS: [], TRUSTED_PROXIES: [], RATE_LIMIT_PER_MINUTE: 600,
      LOGIN_LIMIT_PER_MINUTE: 10, LOG_LEVEL: 'info',
    }); // prettier-ignore
    expect(settings.DATABASE_URL.reveal()).toBe(`sqlite:${join(folder, 'data', 'opskeep.sqlite')}`);
    expect(settings.KEYSTORE_DATABASE_URL.reveal()).toBe(`sqlite:${join(folder, 'data', 'keystore.sqlite')}`);
    expect(new Set(Object.values(sources))).toEqual(new Set(['default', 'environment']));
  });

  test('have the currency in upper case', () => {
    expect(load({ DEFAULT_CURRENCY: 'chf' }).settings.DEFAULT_CURRENCY).toBe('CHF');
  });

  test('tell every fault at once: name, what is wrong, an example, and no value', () => {
    const bad = {
      NODE_ENV: 'CANARYproduction', PORT: 'CANARY', HOST: '', PUBLIC_URL: 'ftp://CANARY', DATABASE_URL: 'postgres://CANARY',
      DATABASE_POOL: '0', DATABASE_CA: '/nowhere/CANARY', KEYSTORE_DATABASE_URL: 'sqlite::memory:CANARY',
      API_KEY_MASTER_KEY: 'CANARY too short', API_KEY_MASTER_KEY_PREVIOUS: 'CANARY', API_KEY_MASTER_KEY_NEXT: 'CANARY',
      API_KEY_MASTER_KEY_COMMAND: 'CANARY "open', JWT_SECRET_KEY: 'CANARY',
      JWT_ALGORITHM: 'none', ACCESS_TOKEN_EXPIRE_MINUTES: '0', REFRESH_TOKEN_EXPIRE_DAYS: '-1',
      OPSKEEP_ADMIN_EMAIL: 'CANARY', OPSKEEP_ADMIN_PASSWORD: 'CANARY', CORS_ORIGINS: '*', TRUSTED_PROXIES: 'CANARY',
      RATE_LIMIT_PER_MINUTE: '1.5', LOGIN_LIMIT_PER_MINUTE: '1e3', DEFAULT_CURRENCY: 'euro', LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
    }; // prettier-ignore
    const faults = faultsOf(bad);
    const named = faults.map(fault => fault.split(':')[0]);
    expect(named.sort()).toEqual(Object.keys(bad).filter(name => name !== 'HOST').sort()); // prettier-ignore
    for (const fault of faults) expect(fault).toMatch(/^(\w+): .+, for example \1=.+/);
    expect(faults.join()).not.toContain('CANARY');
  });

  test('of several kinds are at fault together', () => {
    const named = faultsOf({ NODE_ENV: 'production', PORT: 'x', DATABASE_URL: 'mysql://u:CANARY@h/main' });
    expect(named.map(fault => fault.split(':')[0]).sort()).toEqual([
      'API_KEY_MASTER_KEY', 'JWT_SECRET_KEY', 'KEYSTORE_DATABASE_URL', 'PORT',
    ]); // prettier-ignore
    expect(named.join()).not.toContain('CANARY');
  });

  test('of production need keys; with keys they are taken', () => {
    const production = { NODE_ENV: 'production', API_KEY_MASTER_KEY: KEY, JWT_SECRET_KEY: JWT };
    expect(load(production).settings.API_KEY_MASTER_KEY?.reveal()).toBe(KEY);
    expect(faultsOf({ ...production, JWT_SECRET_KEY: '' })).toEqual([
      expect.stringContaining('JWT_SECRET_KEY: is required in production'),
    ]);
    const { settings } = load(production);
    settings.JWT_SECRET_KEY = undefined;
    expect(() => ensureJwtSecret(settings, () => undefined)).toThrow('production');
  });

  test.each([
    ['sqlite:./data/one.sqlite', 'sqlite:data/../data/one.sqlite'],
    ['mysql://one:a@db.canary.test/ops', 'mysql://two:b@DB.canary.test:3306/ops'],
  ])('refuse one database for both, however it is written: %s', (main, keystore) => {
    expect(faultsOf({ DATABASE_URL: main, KEYSTORE_DATABASE_URL: keystore })).toEqual([
      expect.stringContaining('must be another database'),
    ]);
  });

  test.each(['p@ss', 'p/ss', 'p?ss', 'p#ss', 'p%ss', '1/2'])(
    'explain a raw password such as %s',
    password => {
      const url = `mysql://u:CANARY${password}@db.canary.test:3306/ops`;
      if (password === 'p@ss') return expect(load({ ...KEYS_AWAY, DATABASE_URL: url })).toBeDefined();
      const faults = faultsOf({ ...KEYS_AWAY, DATABASE_URL: url });
      expect(faults).toEqual([
        expect.stringMatching(/^DATABASE_URL: .*percent-encoded \(@ is %40, \/ is %2F/),
      ]);
      expect(faults.join()).not.toContain('CANARY');
    },
  );

  test('take a password with every character, percent-encoded', () => {
    const url = `mysql://u:${encodeURIComponent('CANARY @:/?#%[]&=+ 😀')}@db.canary.test:3306/ops`;
    const { settings } = load({ ...KEYS_AWAY, DATABASE_URL: url });
    const options = { url: settings.DATABASE_URL.reveal(), pool: 1, entities: [], migrations: [] };
    expect(sourceOptions(options)).toMatchObject({
      host: 'db.canary.test', port: 3306, username: 'u', password: 'CANARY @:/?#%[]&=+ 😀', database: 'ops',
    }); // prettier-ignore
  });

  test('take several master keys, and no key that was published', () => {
    expect(
      load({ API_KEY_MASTER_KEY: `${KEY}\n${KEY.toUpperCase()}\n` }).settings.API_KEY_MASTER_KEY,
    ).toBeDefined();
    expect(faultsOf({ API_KEY_MASTER_KEY: `${KEY}\nCANARY` })).toHaveLength(1);
  });

  test('take the address of the administrator as the log-in reads it', () => {
    expect(load({ OPSKEEP_ADMIN_EMAIL: 'Anna@MSP.Example' }).settings.OPSKEEP_ADMIN_EMAIL).toBe(
      'anna@msp.example',
    );
  });
});

describe('where settings come from', () => {
  test('.env gives what the environment does not', () => {
    writeFileSync(join(folder, '.env'), `PORT=8100\nHOST="0.0.0.0" # all\nJWT_SECRET_KEY='${JWT}'\n`);
    const { settings, sources } = load({ PORT: '8200' });
    expect(settings).toMatchObject({ PORT: 8200, HOST: '0.0.0.0' });
    expect(settings.JWT_SECRET_KEY?.reveal()).toBe(JWT);
    expect(sources).toMatchObject({ PORT: 'environment', HOST: '.env', DATABASE_POOL: 'default' });
  });

  test('_FILE names a file with the secret; one that cannot be read is a fault', () => {
    const path = join(folder, 'key');
    writeFileSync(path, `${KEY}\n`);
    const { settings, sources } = load({ API_KEY_MASTER_KEY_FILE: path });
    expect(settings.API_KEY_MASTER_KEY?.reveal()).toBe(KEY);
    expect(sources.API_KEY_MASTER_KEY).toBe('file');
    expect(faultsOf({ API_KEY_MASTER_KEY_FILE: join(folder, 'none') })).toEqual([
      expect.stringMatching(/^API_KEY_MASTER_KEY_FILE: .*ENOENT/),
    ]);
    writeFileSync(path, 'CANARY');
    expect(faultsOf({ API_KEY_MASTER_KEY_FILE: path }).join()).not.toContain('CANARY');
  });
});

describe('a secret', () => {
  test('is not printed by accident', () => {
    const secret = new Secret('CANARY');
    const ways = [String(secret), `${secret as unknown as string}`, JSON.stringify({ secret }), inspect({ secret }, { showHidden: true })]; // prettier-ignore
    for (const text of ways) expect([text.includes('***'), text.includes('CANARY')]).toEqual([true, false]);
  });
});

describe('what lies in the data folder', () => {
  test('is for its owner alone, whatever the mask was', () => {
    const before = process.umask(0o022);
    try {
      const { settings } = load();
      ensureDevelopmentKey(settings.OPSKEEP_DATA, () => undefined);
      ensureJwtSecret(settings, () => undefined);
      writeFileSync(join(settings.OPSKEEP_DATA, 'opskeep.sqlite'), '');
      expect(mode(settings.OPSKEEP_DATA)).toBe(0o700);
      for (const name of ['master.key', 'jwt.key', 'opskeep.sqlite'])
        expect([name, mode(join(settings.OPSKEEP_DATA, name))]).toEqual([name, 0o600]);
    } finally {
      process.umask(before);
    }
  });

  test('a folder that others could read is closed, one that is shared by all is left alone', () => {
    const open = join(folder, 'open');
    const shared = join(folder, 'shared');
    for (const path of [open, shared]) mkdirSync(path);
    chmodSync(open, 0o755);
    chmodSync(shared, 0o1777);
    load({ OPSKEEP_DATA: open });
    load({ OPSKEEP_DATA: shared });
    expect([mode(open), mode(shared)]).toEqual([0o700, 0o777]);
  });

  test('keys are made once and refused when others may read them, or when they are links or cut', () => {
    const { settings } = load();
    const data = settings.OPSKEEP_DATA;
    const warnings: string[] = [];
    for (const _ of [1, 2]) {
      settings.JWT_SECRET_KEY = undefined;
      ensureDevelopmentKey(data, line => warnings.push(line));
      ensureJwtSecret(settings, line => warnings.push(line));
    }
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).not.toContain(readDevelopmentKey(data).trim());
    const [master, jwt] = [join(data, 'master.key'), join(data, 'jwt.key')];
    chmodSync(master, 0o640);
    expect(() => readDevelopmentKey(data)).toThrow('chmod 600');
    settings.JWT_SECRET_KEY = undefined;
    chmodSync(jwt, 0o604);
    expect(() => ensureJwtSecret(settings, () => undefined)).toThrow('chmod 600');
    rmSync(jwt);
    writeFileSync(jwt, '', { mode: 0o600 });
    expect(() => ensureJwtSecret(settings, () => undefined)).toThrow('less than 32 bytes');
    expect(settings.JWT_SECRET_KEY).toBeUndefined();
    rmSync(jwt);
    symlinkSync(join(folder, 'elsewhere'), jwt);
    expect(() => ensureJwtSecret(settings, () => undefined)).toThrow('symbolic link');
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  });
});
