import { decodeBase64url } from '../../formats/base64url.js';
import { appendDeeds, type Deed } from './audit-log.js';
import { Contents, type Version } from './contents.js';
import { damaged, ioFault, noVault, notHeld, olderCopy, wrongKey } from './faults.js';
import { guardedFolder, readVault } from './guarded-files.js';
import { type Header, parseHeader } from './header.js';
import { type GivenKey, keyOf } from './key-source.js';
import { keyId, vaultKeys, type VaultKeys } from './keys.js';
import { type Lease, locked, sweep } from './lock.js';
import { type Places, placesOf } from './places.js';
import { authenticTail, macOf } from './sealed-file.js';
import { EMPTY_LOG, readSeen, type Seen, writeSeen } from './seen.js';
import { exchange, keepBackup, keepDamaged, prune, writeNext } from './version-files.js';

export interface StoreOptions extends GivenKey {
  file: string;
  /** Hears what went wrong beside work that was done. */
  warn?: (line: string) => void;
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
      if (keyId(key) !== key_id) throw wrongKey(key_id, keyId(key));
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

  /** Keeps what was seen; the work is done when it cannot be kept, and only the next older copy is not told apart. */
  see({ header, tail, bytes }: Version, audit: Seen['audit']): void {
    try {
      writeSeen(header.id, { counter: tail.counter, mac: macOf(bytes), audit });
    } catch (error) {
      this.options.warn?.(ioFault('What was seen of the vault cannot be kept', error).message);
    }
  }

  /** Puts on the record what is done with what was read. */
  async record(version: Version, deeds: Deed[]): Promise<void> {
    await this.locked(() => {
      const seen = readSeen(version.header.id);
      const audit = appendDeeds(this.places.audit, version.keys.audit, deeds, seen?.audit);
      if (!seen) this.see(version, audit);
      else writeSeen(version.header.id, { ...seen, audit });
    });
  }

  /** Makes the next version: `work` changes the contents, and answers with what it did. Nothing done is no version. */
  async change(work: (contents: Contents) => Deed[]): Promise<void> {
    const before = await this.read();
    await this.locked(lease => {
      const version = this.readAgain(before);
      const contents = new Contents(version);
      const deeds = work(contents);
      if (deeds.length > 0) this.commit(version, contents.toFile(contents.counter + 1), deeds, lease);
    });
  }

  /** Puts the contents of one version in the place of the present one, whatever that is. */
  async replace(by: Version, deed: Deed): Promise<void> {
    await this.locked(lease => {
      const seen = readSeen(by.header.id)?.counter ?? 0;
      const present = readVault(this.places.file);
      const tail = present && authenticTail(present, by.keys.mac);
      const counter = Math.max(seen, tail?.counter ?? 0, by.tail.counter);
      const contents = new Contents(by);
      const version = { ...by, tail: { ...by.tail, counter } };
      const kept = tail ? tail.counter : present ? 'damaged' : undefined;
      this.commit(version, contents.toFile(counter + 1), [deed], lease, kept);
    });
  }

  /** One step after the other, each of which leaves a whole vault when it is the last: written, kept, recorded, exchanged. */
  private commit(
    before: Version,
    bytes: Buffer,
    deeds: Deed[],
    lease: Lease,
    kept: number | 'damaged' | undefined = before.tail.counter,
  ): void {
    const { places } = this;
    const counter = before.tail.counter + 1;
    try {
      sweep(places.lock);
      writeNext(places, bytes);
      if (kept === 'damaged') keepDamaged(places);
      else if (kept !== undefined) keepBackup(places, kept);
      const marked = deeds.map(deed => ({ ...deed, counter }));
      const known = readSeen(before.header.id)?.audit;
      const audit = appendDeeds(places.audit, before.keys.audit, marked, known);
      if (!lease.isHeld()) throw notHeld(places.lock);
      exchange(places);
      this.see({ ...before, bytes, tail: { ...before.tail, counter } }, audit);
    } catch (error) {
      throw ioFault(`The vault ${places.file} cannot be written, and is as it was`, error);
    }
    prune(places);
  }
}
