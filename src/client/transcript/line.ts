import { asObject } from '../private-files.js';

/** What a line of a transcript says. */
export interface Said {
  speaker: 'user' | 'assistant';
  text: string;
  /** What the host made of the conversation when it compacted it: nobody's words. */
  isSummary: boolean;
  session?: string;
  uuid?: string;
  at?: string;
  /** Where the session worked. */
  folder?: string;
  branch?: string;
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** What the host puts into the mouth of the user: commands, their output, reminders. */
const NOT_SAID =
  /^\s*<(?:command-(?:name|message|args)|local-command-stdout|local-command-caveat|bash-(?:input|stdout|stderr)|task-notification|user-prompt-submit-hook)\b/;

/** Whether a text is somebody's own words. */
export const isSaid = (text: string): boolean => !NOT_SAID.test(text);

const REMINDER = ['<system-reminder>', '</system-reminder>'] as const;

/** A line, or an entry of a list of messages; undefined for everything that nobody said. */
export function saidIn(value: unknown): Said | undefined {
  const line = asObject(value);
  if (!line) return undefined;
  const message = asObject(line.message) ?? line;
  const type = line.type ?? message.role;
  const isTurn = (type === 'user' || type === 'human' || type === 'assistant') && line.isMeta !== true;
  if (!isTurn || line.isSidechain === true || line.isApiErrorMessage === true) return undefined;
  const said = withoutReminders(contentOf(message.content ?? message.text)).trim();
  if (said === '' || !isSaid(said)) return undefined;
  return {
    speaker: type === 'assistant' ? 'assistant' : 'user',
    text: said,
    isSummary: line.isCompactSummary === true || line.isVisibleInTranscriptOnly === true,
    session: text(line.sessionId) ?? text(line.session_id),
    uuid: text(line.uuid) ?? text(line.id),
    at: timeOf(line.timestamp ?? line.created_at),
    folder: text(line.cwd),
    branch: text(line.gitBranch),
  };
}

/** The host's id of the prompt with which a line begins, or that it goes on; what helpers do is no part of it. */
export function promptIn(value: unknown): string | undefined {
  const { type, isSidechain, promptId } = asObject(value) ?? {};
  return type === 'user' && isSidechain !== true ? text(promptId) : undefined;
}

/** Texts alone: neither what was thought, nor tools and what came out of them. */
function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = Array.isArray(content) ? content.map(one => asObject(one) ?? {}) : [];
  return parts
    .filter(one => one.type === 'text' && typeof one.text === 'string')
    .map(one => one.text as string)
    .join('\n\n');
}

function withoutReminders(said: string): string {
  const [open, close] = REMINDER;
  let kept = '';
  for (let at = 0; ;) {
    const start = said.indexOf(open, at);
    const end = start === -1 ? -1 : said.indexOf(close, start);
    if (end === -1) return kept + said.slice(at);
    kept += said.slice(at, start);
    at = end + close.length;
  }
}

function timeOf(value: unknown): string | undefined {
  const date = typeof value === 'string' || typeof value === 'number' ? new Date(value) : undefined;
  return date && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined;
}
