import type { Call } from '../../cli/command.js';
import { EXIT } from '../../cli/errors.js';
import { print } from '../../cli/output.js';
import { clearNames } from '../clear-names.js';
import type { CredentialFacts } from '../local-vault.js';
import { openedVault } from './opened.js';
import { table } from '../../cli/table.js';
import { readFacts, readValue } from './values.js';

/** Stores a value under a name. */
export async function set(call: Call): Promise<void> {
  const [name = ''] = call.args;
  const facts = readFacts(call);
  await openedVault().set(name, await readValue(call), facts);
  print(call.json, { name, stored: true }, () => `Stored ${name}.`);
}

/** What completion asks for comes without the key. */
export async function list(call: Call): Promise<void> {
  if (call.flag('names')) {
    const names = clearNames();
    return print(call.json, names, () => names.join('\n'));
  }
  const credentials = await openedVault().list();
  if (call.flag('lines') && !call.json) {
    const line = ({ name, type, service }: CredentialFacts) =>
      `- ${name} (${type})${service === null ? '' : ` [${service}]`}`;
    return print(false, null, () => credentials.map(line).join('\n'));
  }
  print(call.json, credentials, () =>
    table(
      ['NAME', 'TYPE', 'SERVICE', 'EXPIRES'],
      credentials.map(one => [one.name, one.type, one.service ?? '', one.expires_at ?? '']),
    ),
  );
}

/** Tells whether there is such a name, by the exit code as well. */
export async function exists(call: Call): Promise<number> {
  const is = await openedVault().exists(call.args[0] ?? '');
  print(call.json, { exists: is }, () => (is ? 'yes' : 'no'));
  return is ? EXIT.ok : EXIT.missing;
}

export async function remove(call: Call): Promise<void> {
  const [name = ''] = call.args;
  await openedVault().delete(name);
  print(call.json, { name, deleted: true }, () => `Deleted ${name}.`);
}

export async function rename(call: Call): Promise<void> {
  const [from = '', name = ''] = call.args;
  await openedVault().rename(from, name);
  print(call.json, { name, from }, () => `${from} is ${name} now.`);
}
