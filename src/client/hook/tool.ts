import { posix, win32 } from 'node:path';
import { sawChange } from '../project/changed-files.js';
import { asObject } from '../private-files.js';
import { isOfWindows } from '../project/repository.js';
import { cut } from '../cut.js';
import { clean, keyOf, sessionKey } from '../spool/event.js';
import type { HookContext } from './context.js';
import { type Payload, textOf, workOf } from './payload.js';

/** What a tool was used on, by the names that tools give it. */
const TARGETS = [
  'file_path',
  'notebook_path',
  'path',
  'command',
  'pattern',
  'url',
  'query',
  'description',
  'skill',
];
const FILES = new Set(['file_path', 'notebook_path', 'path']);
const MOST_OF_TARGET = 300;
const WRITES = new Set(['Edit', 'MultiEdit', 'Write', 'NotebookEdit']);

/** Keeps one line of a tool that was used: which, on what, how it went. What came out of it is kept nowhere. */
export function toolUsed(payload: Payload, context: HookContext): undefined {
  const tool = textOf(payload, 'tool_name');
  // What our own tools say is in the memory already.
  if (!tool || /^mcp__opskeep__/.test(tool)) return undefined;
  const { folder, project, repository } = workOf(payload);
  const input = asObject(payload.tool_input) ?? {};
  const target = targetOf(input, repository?.root ?? folder);
  const outcome =
    context.event === 'PostToolUseFailure' ? failureOf(payload) : outcomeOf(payload.tool_response);
  const at = new Date();
  const session = sessionKey(payload.session_id);
  const line = `${cut(tool, 100)}${target ? ` ${target}` : ''}: ${outcome}`;
  context.keep({
    key: keyOf('tool', session, textOf(payload, 'tool_use_id') ?? at.toISOString(), line),
    kind: 'tool',
    speaker: 'tool',
    at: at.toISOString(),
    sequence: Math.floor(at.getTime() / 1000),
    session_key: session,
    project,
    source: 'hook',
    text: clean(line),
  });
  const written = WRITES.has(tool) && (textOf(input, 'file_path') ?? textOf(input, 'notebook_path'));
  const path = written && repository && below(repository.root, written);
  if (repository && path && path !== written) sawChange(context.state, repository, path);
  return undefined;
}

function targetOf(input: Payload, root: string): string | undefined {
  const name = TARGETS.find(one => textOf(input, one));
  if (!name) return undefined;
  const given = textOf(input, name) ?? '';
  // Masked as a whole before the first line is taken: a secret may go over several.
  const [line = ''] = clean(FILES.has(name) ? below(root, given) : given, 4_000).split('\n');
  return cut(line, MOST_OF_TARGET);
}

/** A file as it is called below the root of the project, with slashes; another stays as it is. */
function below(root: string, path: string): string {
  const isWindows = isOfWindows(root);
  const paths = isWindows ? win32 : posix;
  const inside = paths.isAbsolute(path) ? paths.relative(root, path) : path;
  if (inside === '' || inside.startsWith('..') || paths.isAbsolute(inside)) return path;
  return isWindows ? inside.replaceAll('\\', '/') : inside;
}

/** Of a tool that failed the host tells with an event of its own. */
const failureOf = ({ is_interrupt }: Payload) => (is_interrupt === true ? 'interrupted' : 'failed');

function outcomeOf(response: unknown): string {
  if (typeof response === 'string') return /^(?:error|failed)\b/i.test(response) ? 'failed' : 'ok';
  const { success, interrupted, is_error, isError, error, exitCode, exit_code, code } =
    asObject(response) ?? {};
  if (interrupted === true) return 'interrupted';
  const failed =
    success === false ||
    is_error === true ||
    isError === true ||
    (typeof error === 'string' && error !== '') ||
    [exitCode, exit_code].some(one => typeof one === 'number' && one !== 0) ||
    (typeof code === 'number' && code >= 400);
  return failed ? 'failed' : 'ok';
}
