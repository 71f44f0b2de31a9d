import { isAboutLoading, isOwnKey, isSharedKey } from '../../src/client/run/own-keys.js';
import { DECLARATIONS } from '../../src/core/config/declarations.js';

const SECRETS = Object.entries(DECLARATIONS).filter(([, one]) => one.secret);

test('every secret of the server is known to run, and so is the file that may hold it', () => {
  expect(SECRETS.length).toBeGreaterThan(5);
  const beside = new Map([['KEYSTORE_DATABASE_URL', 'mysql://x']]);
  const isLeftOut = (name: string) => isOwnKey(name) || isSharedKey(name, beside);
  for (const [name, { file }] of SECRETS) {
    expect([name, isLeftOut(name)]).toEqual([name, true]);
    if (file) expect([name, isLeftOut(`${name}_FILE`)]).toEqual([name, true]);
  }
  for (const name of ['KEYSTORE_DATABASE_URL', 'api_key_master_key_previous', 'OPSKEEP_VAULT_KEY_FILE'])
    expect([name, isOwnKey(name)]).toEqual([name, true]);
  for (const name of ['DATABASE_CA', 'PORT', 'CORS_ORIGINS']) expect(isLeftOut(name)).toBe(false);
});

test('what decides what a program loads is known, and no secret that is called alike', () => {
  const loading =
    'PATH LD_PRELOAD GIT_SSH_COMMAND NODE_OPTIONS PYTHONPATH PERL5OPT RUBYOPT PS4 JAVA_TOOL_OPTIONS _JAVA_OPTIONS';
  for (const name of loading.split(' ')) expect([name, isAboutLoading(name)]).toEqual([name, true]);
  for (const name of [
    'CARGO_REGISTRY_TOKEN',
    'SSH_PASSWORD',
    'PATHOLOGY',
    'LESSON',
    'PYTHON_VERSION',
    'DB',
    'Path',
  ])
    expect([name, isAboutLoading(name, 'linux')]).toEqual([name, false]);
  expect(isAboutLoading('Path', 'win32')).toBe(true);
});
