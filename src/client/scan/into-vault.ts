import { normalized } from '../../formats/normalized.js';
import { openedVault } from '../vault/cli/opened.js';
import { importRecords } from '../vault/exchange/import-records.js';
import type { Found } from '../vault/exchange/records.js';
import type { Finding } from './findings.js';
import type { Outcome } from './outcome.js';
import type { SecretKey } from './reading/keys.js';
import { vaultTypeOf } from './vault-type.js';

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

/** A name that none of those before has. */
function freeName(
  { service, username, variables }: Finding,
  field: string,
  taken: ReadonlySet<string>,
): string {
  const wanted = [variables[field] ?? nameOf(service, field), nameOf(service, username, field)];
  const free = wanted.find(name => !taken.has(name));
  if (free !== undefined) return free;
  for (let n = 2; ; n++) if (!taken.has(`${wanted[1]}_${n}`)) return `${wanted[1]}_${n}`;
}

/** Stores what was found in the local vault, each secret under a name of its own. Names that are there stay as they are. */
export async function intoVault(findings: Finding[]): Promise<Outcome[]> {
  const taken = new Set<string>();
  const records = findings.map(one =>
    Object.entries(one.secrets).map(([field, value]): Found => {
      const name = freeName(one, field, taken);
      taken.add(name);
      const facts = { username: one.username, url: one.url, port: one.port, notes: one.notes };
      const metadata = Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== null));
      return { name, value, type: vaultTypeOf(field as SecretKey), service: one.service, metadata };
    }),
  );
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
