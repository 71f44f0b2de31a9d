import { randomUUID } from 'node:crypto';
import type { Call } from '../cli/command.js';
import { UsageError } from '../cli/errors.js';
import { cut } from '../cut.js';
import { readInput } from '../cli/secret-input.js';
import { gitState } from '../project/changed-files.js';
import { type Project, projectOf, workIn } from '../project/project.js';
import { clean, type MemoryEvent } from '../spool/event.js';
import { keep } from './keep.js';

/** What was said on the line, or with `-` on the standard input. */
async function textOf({ args }: Call): Promise<string> {
  return clean(args.length === 1 && args[0] === '-' ? await readInput() : args.join(' '));
}

function eventOf(kind: 'note' | 'checkpoint', text: string, project: Project): MemoryEvent {
  return {
    key: randomUUID(),
    kind,
    at: new Date().toISOString(),
    session_key: `command-line-${new Date().toISOString().slice(0, 10)}`,
    project,
    source: 'api',
    text,
  };
}

/** Keeps a note for the project of this folder. */
export async function remember(call: Call): Promise<number> {
  const text = await textOf(call);
  if (text === '') throw new UsageError('TEXT is empty.');
  const title = call.value('title');
  const tags = call
    .values('tag')
    .map(one => clean(one, 100))
    .filter(one => one !== '');
  return keep(
    {
      ...eventOf('note', text, projectOf(process.cwd())),
      ...(title ? { title: clean(title, 255) } : {}),
      ...(tags.length ? { tags } : {}),
    },
    call.json,
  );
}

/** Keeps where the files of this folder stand in git, with what is said about it. */
export async function checkpoint(call: Call): Promise<number> {
  const said = await textOf(call);
  const { project, repository } = workIn(process.cwd());
  const git = repository && gitState(repository);
  const { branch = 'no branch', commit = '', changed_files = [] } = git ?? {};
  const files = changed_files.length === 1 ? '1 changed file' : `${changed_files.length} changed files`;
  const where = git ? `${branch} at ${commit.slice(0, 12) || 'no commit'}, ${files}` : 'no repository';
  const listed = changed_files.slice(0, 20).map(one => `- ${one}`);
  const text = said || [`Checkpoint: ${where}.`, ...listed].join('\n');
  // What was said gives the title; where the files stand is beside it.
  const title = said ? {} : { title: cut(`Checkpoint: ${where}`, 255) };
  return keep({ ...eventOf('checkpoint', text, project), ...title, ...(git ? { git } : {}) }, call.json);
}
