import type { SecretField } from '../../formats/credential-types.js';
import { normalized } from '../../formats/normalized.js';
import { openedVault } from '../vault/cli/opened.js';
import { importRecords } from '../vault/exchange/import-records.js';
import type { Found } from '../vault/exchange/records.js';
import type { Finding } from './findings.js';
import type { Outcome } from './outcome.js';
import { vaultTypeOf } from '../key-words/vault-type.js';

const MOST_OF_NAME = 200;
/** As a variable may be called, so that `run --vault` can use it. */
const nameOf = (...parts: (string | null)[]) =>
  parts
    .map(part =>
      normalized(part ?? '', 'NFKD')
        .replace(/\p{M}/gu, '')
        .replace(/[^A-Za-z0-9]+/g, '_'),
    )
    .map(part => part.replace(/^_|_$/g, ''))
    .filter(part => part !== '')
    .join('_')
    .toUpperCase()
    .replace(/^(?=\d)/, '_')
    .slice(0, MOST_OF_NAME);

/** Names that nobody has yet: the next number of each is kept, so that many of one name take no longer than others. */
class Names {
  private readonly taken = new Set<string>();
  private readonly next = new Map<string, number>();

  free({ service, username, variables }: Finding, field: string): string {
    const wanted = [variables[field] ?? nameOf(service, field), nameOf(service, username, field)];
    const name = wanted.find(one => !this.taken.has(one)) ?? this.numbered(wanted[1] ?? '');
    this.taken.add(name);
    return name;
  }

  private numbered(name: string): string {
    let n = this.next.get(name) ?? 2;
    while (this.taken.has(`${name}_${n}`)) n++;
    this.next.set(name, n + 1);
    return `${name}_${n}`;
  }
}

/** The secrets of each finding as entries of the vault, under a name of its own. */
export function entriesOf(findings: Finding[]): Found[][] {
  const names = new Names();
  return findings.map(one =>
    Object.entries(one.secrets).map(([field, value]): Found => {
      const facts = { username: one.username, url: one.url, port: one.port, notes: one.notes };
      const metadata = Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== null));
      const type = vaultTypeOf(field as SecretField);
      return { name: names.free(one, field), value, type, service: one.service, metadata };
    }),
  );
}

/** Stores what was found in the local vault, each secret under a name of its own. Names that are there stay as they are. */
export async function intoVault(findings: Finding[]): Promise<Outcome[]> {
  const records = entriesOf(findings);
  const told = await importRecords(openedVault(), records.flat(), { overwrite: false, dryRun: false });
  const refused = new Map(told.refused.map(one => [one.name, one.reason]));
  return records.map(own => {
    const names = own.map(one => one.name);
    const reason = names.map(name => refused.get(name)).find(one => one !== undefined);
    if (reason !== undefined) return { result: 'refused', as: names.join(', '), reason };
    const isNew = names.some(name => told.stored.includes(name));
    return { result: isNew ? 'stored' : 'there already', as: names.join(', ') };
  });
}
