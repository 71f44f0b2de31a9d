import { SCHEME } from '../../formats/reference.js';
import { ClientError } from '../cli/errors.js';
import { printNotice } from '../cli/output.js';
import type { Grounds } from '../credential/reveal.js';
import { environmentWith } from '../environment.js';
import { referencesInValue, withValues } from '../references/references-in.js';
import { resolveReferences, tellExpired } from '../references/resolve.js';
import { openedVault } from '../vault/cli/opened.js';
import { variablesIn } from './env-file.js';
import { isAboutLoading, isOwnKey, isSharedKey } from './own-keys.js';

/** What a program is started with. */
export interface ChildEnvironment {
  variables: Record<string, string>;
  /** Values that it was given, by what they are called: none of them is to be seen in its output. */
  secrets: { name: string; value: string }[];
}

/** Where variables come from beside our own environment. */
export interface Sources {
  /** Files of `NAME=value`; the later ones, and all of them before the environment and the vault. */
  files: string[];
  /** Every entry of the local vault. */
  vault: boolean;
  grounds: Grounds;
}

/**
 * The environment of a program: references are resolved, our own keys left out.
 *
 * @throws ClientError when a reference leads nowhere or is none; UsageError for a file that cannot be read
 */
export async function childEnvironment({ files, vault, grounds }: Sources): Promise<ChildEnvironment> {
  const entries = vault ? await vaultVariables() : new Map<string, string>();
  const said = new Map(files.flatMap(variablesIn));
  const given = new Map<string, string>();
  for (const [name, value] of Object.entries(environmentWith({})))
    if (value !== undefined) given.set(name, value);
  // What the vault holds is a value, never a reference.
  const inherited = [...given].filter(
    ([name, value]) => !said.has(name) && !entries.has(name) && isPassedOn(name, value, given),
  );
  const open = new Map([...inherited, ...said]);
  const { values, secrets } = await resolved(open, grounds);
  const all = [...entries, ...values].filter(([name]) => !isOwnKey(name));
  for (const [name, value] of all)
    if (value.includes('\0')) throw new ClientError(`${name}: no variable holds a NUL byte`);
  const told = [...entries].map(([name, value]) => ({ name, value }));
  return { variables: Object.fromEntries(all), secrets: [...told, ...secrets] };
}

/** Whether a variable of ours is for the program, too. */
function isPassedOn(name: string, value: string, given: ReadonlyMap<string, string>): boolean {
  if (!isSharedKey(name, given) || referencesInValue(value).length > 0) return true;
  printNotice(
    `${name} is left out: it may be a key of Opskeep. A file of -e, or a reference, gives it to the program.`,
  );
  return false;
}

async function resolved(variables: Map<string, string>, grounds: Grounds) {
  const places = [...variables]
    .filter(([name]) => !isOwnKey(name))
    .map(([name, value]) => ({ name, found: referencesInValue(value) }))
    .filter(({ name, found }) => found.length > 0 || variables.get(name)?.includes(SCHEME));
  const asked = places.flatMap(({ name, found }) =>
    found.map(({ reference }) => ({ reference, where: name })),
  );
  for (const { name, found } of places)
    if (withValues(variables.get(name) ?? '', found, () => '').includes(SCHEME))
      // Resolved by nobody, it would look like a secret to the program.
      asked.push({ reference: SCHEME, where: name });
  const answers = asked.length > 0 ? await resolveReferences(asked, grounds) : new Map<string, string>();
  const values = new Map(variables);
  const valueOf = (reference: string) => answers.get(reference) ?? '';
  for (const { name, found } of places)
    values.set(name, withValues(variables.get(name) ?? '', found, valueOf));
  const secrets = asked.map(({ reference, where }) => ({ name: where, value: valueOf(reference) }));
  return { values, secrets };
}

/** The entries of the vault under names of variables: in capitals, with `_` for what such a name cannot have. */
async function vaultVariables(): Promise<Map<string, string>> {
  const entries = await openedVault().getMany();
  tellExpired(entries);
  const variables = new Map<string, string>();
  for (const { name, value } of entries) {
    const variable = name.toUpperCase().replace(/[\s.-]/g, '_');
    if (!/^[A-Z_][A-Z0-9_]*$/.test(variable) || isAboutLoading(variable) || isOwnKey(variable)) {
      printNotice(`${name} is left out: no program is given a variable of that name from the vault.`);
      continue;
    }
    if (variables.has(variable))
      throw new ClientError(`Several entries of the vault would be ${variable}: rename all but one.`);
    variables.set(variable, value);
  }
  return variables;
}
