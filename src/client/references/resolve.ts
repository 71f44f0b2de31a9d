import { parseReference, type SecretReference } from '../../formats/reference.js';
import { ClientError, EXIT } from '../cli/errors.js';
import { printNotice } from '../cli/output.js';
import { type Grounds, revealCredentials, valueOf } from '../credential/reveal.js';
import { openedVault } from '../vault/cli/opened.js';

/** A reference, and where it stands, such as the name of a variable. */
export interface Asked {
  reference: string;
  where: string;
}

/** By reference: its value, or why it has none. */
type Answers = Map<string, string | ClientError>;

const NO_REFERENCE =
  'this is no reference; one is opskeep://local/NAME or opskeep://<client, pool or private>/<credential>/<field>, alone or ' +
  'between {{ and }}';
const unresolvable = (message: string) => new ClientError(message, EXIT.missing, 'unresolvable');
const meaning = (one: SecretReference) => JSON.stringify([one.place, one.credential, one.field]);

/**
 * The values of references by their text: each that is meant is asked for once, all of the local vault with one reading of
 * it, all of the server with as few requests as there can be.
 *
 * @throws ClientError with all that have none, and the exit code of the worst: not reachable, not found, refused
 */
export async function resolveReferences(asked: Asked[], grounds: Grounds): Promise<Map<string, string>> {
  const parsed = new Map(asked.map(one => [one.reference, parseReference(one.reference)]));
  const wanted = [...parsed.values()].filter(one => one !== undefined);
  const isLocal = ({ place }: SecretReference) => place === 'local';
  const answers: Answers = new Map([
    ...(await fromVault(wanted.filter(isLocal))),
    ...(await fromServer(
      wanted.filter(one => !isLocal(one)),
      grounds,
    )),
  ]);
  const faults: { where: string; error: ClientError }[] = [];
  const values = new Map<string, string>();
  for (const { reference, where } of asked) {
    const one = parsed.get(reference);
    const answer = (one && answers.get(meaning(one))) ?? unresolvable(NO_REFERENCE);
    if (typeof answer === 'string') values.set(reference, answer);
    else faults.push({ where, error: answer });
  }
  if (faults.length > 0) throw together(faults);
  return values;
}

/** One error for all of them, with each reason told once. */
function together(faults: { where: string; error: ClientError }[]): ClientError {
  const codes = faults.map(one => one.error.exitCode);
  const worst = [EXIT.away, EXIT.missing].find(code => codes.includes(code)) ?? codes[0];
  const places = new Map<string, string[]>();
  for (const { where, error } of faults)
    places.set(error.message, [...(places.get(error.message) ?? []), where]);
  const lines = [...places].map(([message, where]) => `${[...new Set(where)].join(', ')}: ${message}`);
  return new ClientError(lines.join('\n'), worst, 'unresolvable');
}

async function fromVault(wanted: SecretReference[]): Promise<Answers> {
  if (wanted.length === 0) return new Map();
  const found = await openedVault().getMany(wanted.map(one => one.credential));
  tellExpired(found);
  const values = new Map(found.map(one => [one.name, one.value]));
  const none = unresolvable('Credential not found in the local vault');
  return new Map(wanted.map(one => [meaning(one), values.get(one.credential) ?? none]));
}

/** Says which values are no longer valid; they are used all the same, as `vault get` prints them. */
export function tellExpired(found: { name: string; expires_at: string | null }[]): void {
  for (const { name, expires_at } of found)
    if (expires_at !== null && Date.parse(expires_at) < Date.now())
      printNotice(`${name} has expired (${expires_at}).`);
}

async function fromServer(wanted: SecretReference[], grounds: Grounds): Promise<Answers> {
  if (wanted.length === 0) return new Map();
  // Several fields of one credential are one reveal.
  const revealed = await revealCredentials(wanted, grounds).catch((error: unknown) => {
    if (!(error instanceof ClientError)) throw error;
    return wanted.map(() => error);
  });
  return new Map(
    wanted.map((one, at) => {
      const answer = revealed[at];
      if (!answer || answer instanceof ClientError)
        return [meaning(one), answer ?? unresolvable(NO_REFERENCE)];
      return [meaning(one), valueOf(answer, one.field)];
    }),
  );
}
