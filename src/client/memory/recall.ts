import type { Call } from '../cli/command.js';
import { UsageError } from '../cli/errors.js';
import { print } from '../cli/output.js';
import { asksFor } from '../project/asks-for.js';
import { type Project, projectOf } from '../project/project.js';
import { answerOf, contentOf } from '../server/server.js';
import { memoryDoor } from './memory-door.js';
import { redact } from '../../formats/redaction/redact.js';

const MOST_OF_QUERY = 20_000;

interface Recall {
  items: unknown[];
  markdown: string;
}

/** The number that an option gives, within bounds. */
function numberOf(call: Call, name: string, least: number, most: number): number | undefined {
  const text = call.value(name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || number < least || number > most)
    throw new UsageError(`--${name} must be a number from ${least} to ${most}.`);
  return number;
}

/** Where was looked, and how to look further. */
function nothing(project: Project | undefined): string {
  if (!project) return 'Nothing is known about that, in no project that the token sees.';
  return `Nothing is known about that in the project ${project.name}. All projects: opskeep recall --everywhere`;
}

/** Asks the memory of the project of this folder, or with `--everywhere` of all that the token sees. */
export async function recall(call: Call): Promise<void> {
  const query = redact(call.args.join(' ')).slice(0, MOST_OF_QUERY).trim();
  if (query === '') throw new UsageError('QUERY is empty.');
  const project = call.flag('everywhere') ? undefined : projectOf(process.cwd());
  const where = project ? asksFor(project, 'project_') : {};
  const door = await memoryDoor();
  const wanted = {
    method: 'POST',
    path: '/conversation-contexts/recall',
    body: {
      query,
      ...where,
      limit: numberOf(call, 'limit', 1, 50),
      max_tokens: numberOf(call, 'max-tokens', 50, 20_000),
      min_relevance_score: numberOf(call, 'min-score', 0, 10),
      as_of: call.value('as-of'),
    },
  };
  const answer = contentOf<Recall>(await answerOf(wanted, door), door.url, { holds: ['markdown'] });
  print(call.json, answer, () => answer.markdown.trim() || nothing(project));
}
