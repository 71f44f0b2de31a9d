import { FormatError } from '../../../formats/format-error.js';
import { type Credential, openCredential, requireCredential, sealCredential } from './credential.js';
import { damaged, notFound } from '../faults.js';
import type { Header } from './header.js';
import type { VaultKeys } from './keys.js';
import { allLines, type EntryLine, lineOf, sealedFile, type Tail } from './sealed-file.js';

/** One version of a vault, authentic and unchanged on the disk. */
export interface Version {
  file: string;
  bytes: Buffer;
  header: Header;
  keys: VaultKeys;
  tail: Tail;
}

/** Opens one entry of a version. */
export function openLine({ file, header, keys }: Version, line: EntryLine): Credential {
  try {
    return openCredential(keys.seal, header.id, line);
  } catch (error) {
    if (error instanceof FormatError) throw damaged(file, 'an entry does not open');
    throw error;
  }
}

/** What is in a vault, to be changed: the next version of the file comes from it. Entries are sealed one by one. */
export class Contents {
  private readonly lines: Map<string, string>;
  private sequence: number;

  constructor(private readonly version: Version) {
    this.lines = allLines(version.bytes);
    this.sequence = version.tail.sequence;
  }

  get counter(): number {
    return this.version.tail.counter;
  }

  has(name: string): boolean {
    return this.lines.has(name);
  }

  find(name: string): Credential | undefined {
    const line = this.lines.get(name);
    return line === undefined ? undefined : openLine(this.version, JSON.parse(line) as EntryLine);
  }

  all(): Credential[] {
    return [...this.lines.values()].map(line => openLine(this.version, JSON.parse(line) as EntryLine));
  }

  put(credential: Credential): void {
    const { header, keys } = this.version;
    const line = sealCredential(keys.seal, header.id, requireCredential(credential), ++this.sequence);
    this.lines.set(credential.name, lineOf(line));
  }

  /** @throws ClientError "Credential not found" */
  remove(name: string): void {
    if (!this.lines.delete(name)) throw notFound();
  }

  toFile(counter: number): Buffer {
    const { header, keys } = this.version;
    const tail = { counter, entries: this.lines.size, sequence: this.sequence };
    return sealedFile(header, this.lines.values(), tail, keys.mac);
  }
}
