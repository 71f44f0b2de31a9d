import { decodeBase64url } from '../../formats/base64url.js';
import { appendDeeds, type Deed, settledLog } from './disk/audit-log.js';
import { Contents, type Version } from './sealed/contents.js';
import { ioFault } from '../disk/faults.js';
import { cutLog, damaged, noVault, notHeld, olderCopy, wrongKey, wrongPassphrase } from './faults.js';
import { guardedFolder, readVault } from '../disk/guarded-files.js';
import { type Header, parseHeader } from './sealed/header.js';
import { type GivenKey, keyOf } from './sealed/key-source.js';
import { keyId, vaultKeys, type VaultKeys } from './sealed/keys.js';
import { type Lease, locked, sweep } from '../disk/lock.js';
import { type Places, placesOf } from './disk/places.js';
import { authenticTail, macOf } from './sealed/sealed-file.js';
import { EMPTY_LOG, type Head, readSeen, type Seen, writeSeen } from './disk/seen.js';
import { exchange, keepBackup, keepDamaged, prune, writeNext } from './disk/version-files.js';

export interface StoreOptions extends GivenKey {
  file: string;
  /** Hears what went wrong beside work that was done. */
  warn?: (line: string) => void;
}

/** What the next version is made with. */
interface Commit {
  /** The version that it follows. */
  version: Version;
  bytes: Buffer;
  deeds: Deed[];
  lease: Lease;
  /** The counter of what is in its place now, which becomes a backup; bytes that are no vault any more. */
  kept?: number | Buffer;
  /** Where the log must be at least. */
  head?: Head;
}

/** Whether a version is what this machine has seen last, or a later one. */
export const isCurrent = ({ tail, bytes }: Version, seen: Seen | undefined) =>
  !seen || tail.counter > seen.counter || (tail.counter === seen.counter && macOf(bytes) === seen.mac);

/** The files of one vault: reads and writes versions as wholes, and keeps what was done on the record. */
export class VaultStore {
  readonly places: Places;
  private derived?: { salt: string; keys: VaultKeys };

  constructor(private readonly options: StoreOptions) {
    this.places = placesOf(options.file);
  }

  /** The keys of a vault, from what the user has. */
  async keysOf(header: Header): Promise<VaultKeys> {
    const { salt, key_id } = header;
    if (this.derived?.salt === salt && this.derived.keys.id === key_id) return this.derived.keys;
    const key = await keyOf(header, this.options);
    try {
      if (keyId(key) !== key_id)
        throw header.kdf.name === 'none' ? wrongKey(key_id, keyId(key)) : wrongPassphrase();
      const keys = vaultKeys(key, decodeBase64url(salt));
      this.derived = { salt, keys };
      return keys;
    } finally {
      key.fill(0);
    }
  }

  headerOf(bytes: Buffer, file = this.places.file): Header {
    const header = parseHeader(bytes);
    if (header) return header;
    if (bytes.subarray(0, 5).toString('latin1') === 'gAAAA')
      throw damaged(file, 'it is a vault of version 1, which opskeep vault import reads into another');
    throw damaged(file, 'its beginning is no header of a vault of version 2');
  }

  /** A file as a version, whatever this machine has seen. */
  async versionIn(bytes: Buffer, file = this.places.file): Promise<Version> {
    const header = this.headerOf(bytes, file);
    return this.authentic(bytes, header, await this.keysOf(header), file);
  }

  private authentic(bytes: Buffer, header: Header, keys: VaultKeys, file = this.places.file): Version {
    const tail = authenticTail(bytes, keys.mac);
    if (!tail) throw damaged(file, 'it was altered or cut');
    return { file, bytes, header, keys, tail };
  }

  readBytes(): Buffer {
    const bytes = readVault(this.places.file);
    if (!bytes) throw noVault(this.places.file);
    return bytes;
  }

  /** The present version. */
  async read(): Promise<Version> {
    const bytes = this.readBytes();
    const header = this.headerOf(bytes);
    const keys = await this.keysOf(header);
    const version = this.authentic(bytes, header, keys);
    const seen = readSeen(header.id);
    // What was read before may have been followed by another that was seen already.
    if (!isCurrent(version, seen)) return this.readAgain(version, seen);
    if (!seen || version.tail.counter > seen.counter) await this.remember(version);
    return version;
  }

  /** The present version for who has read one before: with what was seen looked at first, or under the lock. */
  private readAgain(before: Version, seen = readSeen(before.header.id)): Version {
    const bytes = this.readBytes();
    const header = this.headerOf(bytes);
    if (header.id !== before.header.id) throw damaged(this.places.file, 'another vault has taken its place');
    const version = this.authentic(bytes, header, before.keys);
    if (!isCurrent(version, seen))
      throw olderCopy(this.places.file, version.tail.counter, seen?.counter ?? 0);
    return version;
  }

  /** Runs work that one process does at a time. */
  async locked<T>(work: (lease: Lease) => T): Promise<T> {
    try {
      guardedFolder(this.places.side);
    } catch (error) {
      throw ioFault(`${this.places.side} cannot be made`, error);
    }
    return locked(this.places.lock, work);
  }

  private async remember(version: Version): Promise<void> {
    await this.locked(() => this.see(version, readSeen(version.header.id)?.audit ?? EMPTY_LOG));
  }

  /** Keeps what was seen. */
  see({ header, tail, bytes }: Version, audit: Head): void {
    this.keepSeen(header.id, { counter: tail.counter, mac: macOf(bytes), audit });
  }

  /** The work is done when this cannot be kept: then only an older copy is not told apart. */
  private keepSeen(vault: string, seen: Seen): void {
    try {
      writeSeen(vault, seen);
    } catch (error) {
      this.options.warn?.(ioFault('What was seen of the vault cannot be kept', error).message);
    }
  }

  /**
   * Puts on the record what is done with what was read. That a value was read is not waited for until it is on the disk,
   * nor kept as seen: `get` would take twice as long.
   */
  async record(version: Version, deeds: Deed[], { synced = true } = {}): Promise<void> {
    await this.locked(() => {
      const known = readSeen(version.header.id);
      const { audit } = this.places;
      const head = appendDeeds(audit, version.keys.audit, deeds, { known: known?.audit, synced });
      if (known && synced) this.keepSeen(version.header.id, { ...known, audit: head });
    });
  }

  /** Makes the next version: `work` changes the contents, and answers with what it did. Nothing done is no version. */
  async change(work: (contents: Contents) => Deed[]): Promise<void> {
    const before = await this.read();
    await this.locked(lease => {
      const version = this.readAgain(before);
      const contents = new Contents(version);
      const deeds = work(contents);
      if (deeds.length === 0) return;
      const bytes = contents.toFile(contents.counter + 1);
      const head = readSeen(version.header.id)?.audit;
      this.commit({ version, bytes, deeds, lease, kept: contents.counter, head });
    });
  }

  /** Takes a version, and the log as it is, for what this machine has seen. */
  async accept(version: Version): Promise<void> {
    const { id } = version.header;
    await this.locked(() => {
      const seen = readSeen(id);
      const head = settledLog(this.places.audit, version.keys.audit);
      if (isCurrent(version, seen) && head.n >= (seen?.audit.n ?? 0)) return;
      const { counter } = version.tail;
      const audit = appendDeeds(this.places.audit, version.keys.audit, [{ action: 'accept', counter }], {
        known: head,
      });
      this.see(version, audit);
    });
  }

  /**
   * Puts the contents of one version in the place of the present one, whatever that is: with it the log is taken as it is,
   * and a fault of it is told.
   */
  async replace(by: Version, deed: Deed): Promise<void> {
    await this.locked(lease => {
      const seen = readSeen(by.header.id);
      const head = settledLog(this.places.audit, by.keys.audit);
      if (head.n < (seen?.audit.n ?? 0)) this.options.warn?.(cutLog(this.places.audit).message);
      const present = readVault(this.places.file);
      const tail = present && authenticTail(present, by.keys.mac);
      const counter = Math.max(seen?.counter ?? 0, tail?.counter ?? 0, by.tail.counter);
      const version = { ...by, tail: { ...by.tail, counter } };
      const bytes = new Contents(by).toFile(counter + 1);
      this.commit({ version, bytes, deeds: [deed], lease, kept: tail?.counter ?? present, head });
    });
  }

  /** One step after the other, each of which leaves a whole vault when it is the last: written, kept, recorded, exchanged. */
  private commit({ version, bytes, deeds, lease, kept, head }: Commit): void {
    const { places } = this;
    const counter = version.tail.counter + 1;
    try {
      sweep(places.lock);
      writeNext(places, bytes);
      if (typeof kept === 'number') keepBackup(places, kept);
      else if (kept) keepDamaged(places);
      const marked = deeds.map(deed => ({ ...deed, counter }));
      const audit = appendDeeds(places.audit, version.keys.audit, marked, { known: head });
      if (!lease.isHeld()) throw notHeld(places.lock);
      exchange(places);
      this.see({ ...version, bytes, tail: { ...version.tail, counter } }, audit);
    } catch (error) {
      throw ioFault(`The vault ${places.file} cannot be written, and is as it was`, error);
    }
    try {
      prune(places);
    } catch (error) {
      this.options.warn?.(ioFault(`Old backups in ${places.backups} cannot be removed`, error).message);
    }
  }
}
