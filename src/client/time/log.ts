import type { Call } from '../cli/command.js';
import { ClientError, EXIT, UsageError } from '../cli/errors.js';
import { print } from '../cli/output.js';
import { readInput } from '../cli/secret-input.js';
import { clientNamed } from '../naming/client-named.js';
import { askAsUser } from '../session/as-user.js';
import { userServer } from '../session/connection.js';
import { dayOf, minutesOf } from './duration.js';
import { LABOUR } from './labour.js';
import { taskNamed } from './task-named.js';
import { Unanswered } from './unanswered.js';

interface Time {
  id: string;
  client_id: string;
  work_date: string;
  worked_minutes: number;
  billable_minutes: number;
  labour_type: string;
  status: string;
}

function labourOf(call: Call): string {
  const labour = call.value('labour') ?? 'remote';
  if (!LABOUR.includes(labour)) throw new UsageError(`--labour is one of ${LABOUR.join(', ')}.`);
  return labour;
}

/** What was done, in the words of the call, or with `-` of the standard input. */
async function textOf([, ...words]: string[]): Promise<string> {
  const text = (words.length === 1 && words[0] === '-' ? await readInput() : words.join(' ')).trim();
  if (text === '') throw new UsageError('TEXT is empty.');
  return text;
}

/** For whom, and what for. */
async function purposeOf(call: Call): Promise<{ name: string; ids: Record<string, string> }> {
  const [named, titled] = [call.value('client'), call.value('task')];
  if (named === undefined && titled === undefined)
    throw new UsageError('For whom? --client CLIENT, or --task TASK');
  const client = named === undefined ? undefined : await clientNamed(named);
  if (titled === undefined) return { name: client?.name ?? '', ids: { client_id: client?.id ?? '' } };
  const { title, client_id, project_id, session_id } = await taskNamed(titled, client?.id);
  if (client && client_id !== null && client_id !== client.id)
    throw new UsageError(`The task ${title} is of another client than --client.`);
  const of = client?.id ?? client_id;
  if (of === null) throw new UsageError(`The task ${title} is of no client: name one by --client.`);
  const { name } = client ?? (await clientNamed(of));
  return {
    name: `${name} (${title})`,
    ids: { client_id: of, ...(project_id ? { project_id } : {}), ...(session_id ? { session_id } : {}) },
  };
}

/** Writes down time worked for a client, as a draft of billable time. */
export async function log(call: Call): Promise<void> {
  const minutes = minutesOf(call.args[0] ?? '');
  const labour_type = labourOf(call);
  const date = call.value('date');
  const work_date = date === undefined ? undefined : dayOf(date);
  const text = await textOf(call.args);
  const { name, ids } = await purposeOf(call);
  const same = {
    ...ids,
    worked_minutes: minutes,
    labour_type,
    description: text,
  };
  const started_at = new Date(Date.now() - minutes * 60_000).toISOString();
  const body = { ...same, ...(work_date === undefined ? { started_at } : { work_date }) };
  const send = (sent: object, headers: Record<string, string>) =>
    askAsUser<Time>({ method: 'POST', path: '/billable-time', body: sent, headers, holds: ['id'] });
  try {
    const { answer, again } = await new Unanswered(userServer()).once({ ...same, work_date }, body, send);
    print(call.json, { ...answer, repeated: again }, () => toldOf(answer, name, again));
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    const [, wrongDay] = /^work_date: (.+)$/s.exec(error.message) ?? [];
    if (wrongDay !== undefined) throw new UsageError(`--date ${wrongDay}.`);
    if (error.exitCode !== EXIT.away) throw error;
    throw new ClientError(
      `${error.message}. Whether the time was logged is not known: the same command again logs it once`,
      error.exitCode,
      error.code,
    );
  }
}

function toldOf(
  { id, work_date, worked_minutes, billable_minutes, labour_type, status }: Time,
  name: string,
  again: boolean,
): string {
  const what = `${worked_minutes} minutes (${labour_type}) for ${name} on ${work_date}`;
  const note = again ? ' It was sent before, without an answer; it is logged once.' : '';
  return `Logged ${what}, billed as ${billable_minutes}: ${status} ${id}.${note}`;
}
