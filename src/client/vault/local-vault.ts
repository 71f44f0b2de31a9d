import { Contents, openLine } from './sealed/contents.js';
import { type Credential, type CredentialFacts, factsOf, requireName } from './sealed/credential.js';
import { notFound, taken } from './faults.js';
import { createVault } from './create.js';
import type { GivenKey } from './sealed/key-source.js';
import { findVault } from './disk/places.js';
import { findLine } from './sealed/sealed-file.js';
import { VaultStore } from './store.js';

export { ClientError as LocalVaultError } from '../cli/errors.js';
export type { Credential, CredentialFacts } from './sealed/credential.js';

/** Which vault, and what opens it. */
export interface LocalVaultOptions extends GivenKey {
  /** Of the file: `OPSKEEP_VAULT`, the nearest `.credentials` or that of the user when absent. */
  path?: string;
  /** Hears what went wrong beside work that was done. */
  warn?: (line: string) => void;
}

/** What is said of a value that is stored; what is absent stays as it was, null takes it away. */
export interface SetOptions {
  /** `api_key` for a new one. */
  type?: string;
  service?: string | null;
  metadata?: Record<string, unknown>;
  /** A date, or a time in ISO 8601. */
  expires_at?: string | null;
}

/** A credential as it is stored anew: what nobody says of it stays. */
export function settled(
  name: string,
  value: string,
  { type, service, metadata, expires_at }: SetOptions,
  before?: Credential,
): Credential {
  const now = new Date().toISOString();
  return {
    name,
    type: type ?? before?.type ?? 'api_key',
    value,
    service: service === undefined ? (before?.service ?? null) : service,
    metadata: metadata ?? before?.metadata ?? {},
    expires_at: expires_at === undefined ? (before?.expires_at ?? null) : expires_at,
    created_at: before?.created_at ?? now,
    updated_at: now,
  };
}

/**
 * The vault of a user's machine: one encrypted file. The key comes from `FPAI_CREDENTIALS_KEY`, from the key file, or from
 * what is given. Safe between processes; every value that is read is on the record before it is answered.
 */
export class LocalVault {
  readonly path: string;
  readonly store: VaultStore;

  constructor(options: LocalVaultOptions = {}) {
    this.path = options.path ?? findVault(process.cwd());
    this.store = new VaultStore({ ...options, file: this.path });
  }

  /** Makes a new vault: for a passphrase when one is given. */
  static async create(options: LocalVaultOptions = {}): Promise<LocalVault> {
    const vault = new LocalVault(options);
    await createVault(vault.store, options);
    return vault;
  }

  /** Stores a value under a name, in the place of one that is there. */
  async set(name: string, value: string, options: SetOptions = {}): Promise<void> {
    requireName(name);
    await this.store.change(contents => {
      const credential = settled(name, value, options, contents.find(name));
      contents.put(credential);
      return [{ action: 'set', name, type: credential.type }];
    });
  }

  /** @throws LocalVaultError "Credential not found" */
  async get(name: string): Promise<string> {
    return (await this.getFull(name)).value;
  }

  /** A value with what is said of it. */
  async getFull(name: string): Promise<Credential> {
    const version = await this.store.read();
    const line = findLine(version.bytes, requireName(name));
    if (!line) throw notFound();
    const credential = openLine(version, line);
    await this.store.record(version, [{ action: 'get', name, type: credential.type }], {
      synced: false,
    });
    return credential;
  }

  /** Several of them, or all, with one reading that is on the record for each; what is not there is left out. */
  async getMany(names?: readonly string[]): Promise<Credential[]> {
    const version = await this.store.read();
    const contents = new Contents(version);
    const credentials = names
      ? [...new Set(names)].flatMap(name => contents.find(name) ?? [])
      : contents.all();
    const deeds = credentials.map(({ name, type }) => ({ action: 'get' as const, name, type }));
    if (deeds.length > 0) await this.store.record(version, deeds, { synced: false });
    return credentials;
  }

  /** By name, without values. */
  async list(): Promise<CredentialFacts[]> {
    const credentials = new Contents(await this.store.read()).all();
    return credentials.map(factsOf).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async exists(name: string): Promise<boolean> {
    return findLine((await this.store.read()).bytes, requireName(name)) !== undefined;
  }

  async delete(name: string): Promise<void> {
    await this.store.change(contents => {
      contents.remove(requireName(name));
      return [{ action: 'delete', name }];
    });
  }

  /** @throws LocalVaultError when there is none of the one name, or one of the other already */
  async rename(from: string, name: string): Promise<void> {
    requireName(name);
    await this.store.change(contents => {
      const credential = contents.find(requireName(from));
      if (!credential) throw notFound();
      if (contents.has(name)) throw taken();
      contents.remove(from);
      contents.put({ ...credential, name });
      return [{ action: 'rename', name, from, type: credential.type }];
    });
  }
}
