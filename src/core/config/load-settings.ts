import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { databaseOf } from './checks.js';
import { AppSettings, Secret } from './settings.js';
import { DECLARATIONS, type Declaration } from './declarations.js';

export type Source = 'environment' | '.env' | 'file' | 'default';

/** The faults of all settings at once; the message names each setting, what was wrong, and an example. */
export class SettingsError extends Error {
  constructor(readonly faults: string[]) {
    super(`The settings are not valid:\n${faults.map(fault => `  - ${fault}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

interface Given {
  value: string;
  source: Source;
}

class Loader {
  readonly values: Record<string, unknown> = {};
  readonly sources: Record<string, Source> = {};
  /** The files that `<NAME>_FILE` names. */
  readonly files: Record<string, string> = {};
  readonly faults: string[] = [];

  constructor(
    private readonly environment: NodeJS.ProcessEnv,
    private readonly file: Record<string, string | undefined>,
  ) {}

  /** The value itself, or the content of the file that `<NAME>_FILE` names. */
  private given(name: string, declaration: Declaration): Given | undefined {
    const direct = this.lookup(name);
    if (direct || !declaration.file) return direct;
    const path = this.lookup(`${name}_FILE`);
    if (!path) return undefined;
    this.files[name] = path.value;
    try {
      return { value: readFileSync(path.value, 'utf8').trim(), source: 'file' };
    } catch (error) {
      this.faults.push(`${name}_FILE: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
      return undefined;
    }
  }

  private lookup(name: string): Given | undefined {
    if (this.environment[name]) return { value: this.environment[name], source: 'environment' };
    const value = this.file[name];
    return value ? { value, source: '.env' } : undefined;
  }

  read(name: string, declaration: Declaration): void {
    const given = this.given(name, declaration);
    if (!given) {
      this.values[name] = declaration.fallback(this.values as Partial<AppSettings>);
      this.sources[name] = 'default';
      return;
    }
    try {
      const value = declaration.parse(given.value);
      this.values[name] = declaration.secret ? new Secret(String(value)) : value;
      this.sources[name] = given.source;
    } catch (error) {
      this.faults.push(`${name}: ${(error as Error).message}, for example ${name}=${declaration.example}`);
    }
  }
}

function envFile(folder: string): Record<string, string | undefined> {
  const path = join(folder, '.env');
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
}

/** What concerns several settings at once. */
function crossCheck(settings: Partial<AppSettings>, faulty: (name: string) => boolean): string[] {
  const faults: string[] = [];
  // A setting that is at fault itself is absent here.
  const main = settings.DATABASE_URL?.reveal();
  const keystore = settings.KEYSTORE_DATABASE_URL?.reveal();
  if (main?.startsWith('mysql:') && keystore?.startsWith('sqlite:'))
    faults.push(
      'KEYSTORE_DATABASE_URL: is required with a mysql:// DATABASE_URL, for example KEYSTORE_DATABASE_URL=mysql://keys:password@host:3306/opskeep_keys',
    );
  if (main && keystore && databaseOf(main) === databaseOf(keystore))
    faults.push(
      'KEYSTORE_DATABASE_URL: must be another database than DATABASE_URL, for example KEYSTORE_DATABASE_URL=sqlite:./data/keystore.sqlite',
    );
  const { API_KEY_MASTER_KEY: key, API_KEY_MASTER_KEY_COMMAND: command } = settings;
  if (key && command)
    faults.push(
      'API_KEY_MASTER_KEY_COMMAND: the key comes from one place, so API_KEY_MASTER_KEY (or _FILE) is not set beside it, for example API_KEY_MASTER_KEY=',
    );
  if (settings.NODE_ENV === 'production')
    for (const name of ['API_KEY_MASTER_KEY', 'JWT_SECRET_KEY'] as const)
      if (!settings[name] && !faulty(name) && !(command && name === 'API_KEY_MASTER_KEY'))
        faults.push(
          `${name}: is required in production (or ${name}_FILE), for example ${name}=${DECLARATIONS[name].example}`,
        );
  return faults;
}

/** Closes the data folder to others (not a shared one such as /tmp); so are the files made in it, and it where it is made. */
function closeFolder(path: string): void {
  if (process.platform === 'win32') return;
  process.umask(0o077);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return;
  const { mode, uid } = found;
  if ((mode & 0o077) !== 0 && (mode & 0o1000) === 0 && uid === process.getuid?.()) chmodSync(path, 0o700);
}

/**
 * Reads every setting from the environment and an optional `.env` in the working folder, and closes the
 * data folder (0700), which is made by what is first written into it. Throws a SettingsError that lists all faults, never with the value of a secret.
 */
export function loadSettings(
  environment: NodeJS.ProcessEnv = process.env,
  folder = process.cwd(),
): { settings: AppSettings; sources: Record<string, Source>; files: Record<string, string> } {
  const loader = new Loader(environment, envFile(folder));
  for (const [name, declaration] of Object.entries(DECLARATIONS)) loader.read(name, declaration);
  const settings = Object.assign(new AppSettings(), loader.values);
  const faulty = (name: string) => loader.faults.some(fault => fault.startsWith(name));
  const faults = [...loader.faults, ...crossCheck(settings, faulty)];
  if (faults.length > 0) throw new SettingsError(faults);
  settings.OPSKEEP_DATA = resolve(folder, settings.OPSKEEP_DATA);
  closeFolder(settings.OPSKEEP_DATA);
  const file = loader.files.API_KEY_MASTER_KEY;
  if (file !== undefined) settings.masterKeyFile = resolve(file);
  return { settings, sources: loader.sources, files: loader.files };
}
