import type { Call } from '../cli/command.js';
import { counted } from '../cli/counted.js';
import { ClientError, EXIT, UsageError } from '../cli/errors.js';
import { printNotice } from '../cli/output.js';
import { printTable } from '../cli/table.js';
import type { Finding } from './findings.js';
import { intoServer } from './into-server.js';
import { intoVault } from './into-vault.js';
import { look } from './look.js';
import type { Outcome } from './outcome.js';
import { MASK, previewOf } from './preview.js';

const maskedSecrets = ({ secrets }: Finding) =>
  Object.keys(secrets)
    .map(field => `${field}=${MASK}`)
    .join(' ');

/** What is shown of a finding: everything but the secrets. */
function shown(one: Finding, outcome?: Outcome) {
  const { file, line, type, port, secrets } = one;
  const { service, username, url } = previewOf(one);
  const facts = { file, line, service, type, username, url, port };
  return { ...facts, fields: Object.keys(secrets), ...outcome };
}

/** What became of it, in words. */
function wordsOf({ result, as, duplicates = [], reason }: Outcome): string {
  const same = duplicates.length > 0 ? `; the same secret is in ${duplicates.join(', ')}` : '';
  const why = reason === undefined ? '' : `: ${reason.replace(/\s+/g, ' ')}`;
  return `${result}${as === undefined ? '' : ` as ${as}`}${why}${same}`;
}

/** A path as it is typed: in quotes where a shell would read more into it. What looks like an option is none. */
function quoted(path: string): string {
  const plain = path.startsWith('-') ? `./${path}` : path;
  return /^[\w./@%+:,-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", "'\\''")}'`;
}

function requirePlace(call: Call): { vault: boolean; client: string } {
  const [vault, client] = [call.flag('vault'), call.value('client')];
  if (!call.flag('import') && (vault || client !== undefined))
    throw new UsageError('--vault and --client say where --import stores what is found: give it, too.');
  if (vault && client !== undefined)
    throw new UsageError('What is found is stored in one place: --vault or --client.');
  return { vault, client: client ?? 'private' };
}

/** Looks for credentials in files, shows them without their values, and stores them when it is asked to. */
export async function scan(call: Call): Promise<number> {
  const { vault, client } = requirePlace(call);
  const { found, files, skipped, complete } = look(call.args);
  for (const { file, reason } of skipped) printNotice(`${file} was left out: ${reason}.`);
  const told = `Found ${counted(found.length, 'credential')} in ${counted(files, 'file')}.`;
  if (!complete) throw new ClientError(`${told} There is too much to look at all of it: name fewer folders.`);
  const isStored = call.flag('import') && found.length > 0;
  const outcomes = isStored ? await (vault ? intoVault(found) : intoServer(found, client)) : [];
  printTable(
    call.json,
    { files, skipped, found: found.map((one, at) => shown(one, outcomes[at])) },
    ['WHERE', 'SERVICE', 'USERNAME', 'TYPE', 'SECRETS', ...(isStored ? ['RESULT'] : [])],
    found.map((one, at) => {
      const outcome = outcomes[at];
      const { service, username } = previewOf(one);
      const facts = [`${one.file}:${one.line}`, service, username ?? '', one.type, maskedSecrets(one)];
      return outcome ? [...facts, wordsOf(outcome)] : facts;
    }),
  );
  const beside = found.filter(one => one.isBeside).length;
  if (beside > 0)
    printNotice(
      `Names, addresses or notes of ${counted(beside, 'credential')} hold secrets, too: each is a shared secret of its own.`,
    );
  const again = ['opskeep', 'scan', ...call.args.map(quoted), '--import'].join(' ');
  printNotice(isStored || found.length === 0 ? told : `${told} Store them: ${again}`);
  return outcomes.some(one => one.result === 'refused') ? EXIT.failed : EXIT.ok;
}
