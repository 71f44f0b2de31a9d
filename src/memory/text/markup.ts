/**
 * Elements in which the host of a conversation writes what nobody said: commands and their output, reminders, what is
 * open in an editor, and what a model thinks before it sums up.
 */
const HOSTS = [
  'command-name', 'command-message', 'command-args', 'command-contents', 'local-command-stdout', 'local-command-stderr',
  'local-command-caveat', 'bash-input', 'bash-stdout', 'bash-stderr', 'system-reminder', 'task-notification',
  'user-prompt-submit-hook', 'ide_opened_file', 'ide_selection', 'analysis', 'thinking',
] as const; // prettier-ignore
/** What a user typed of a command. */
const TYPED: ReadonlySet<string> = new Set(['command-name', 'command-args', 'bash-input']);
const OPENING = new RegExp(`<(${HOSTS.join('|')})>`, 'gi');
const STRAY = new RegExp(`</?(?:${HOSTS.join('|')}|summary)>`, 'gi');

/**
 * A text without what its host wrote around it; of one that holds nothing else, the command that was typed. Takes time
 * in proportion to the length.
 */
export function withoutHostMarkup(text: string): string {
  if (!text.includes('<')) return text;
  let kept = '';
  const typed: string[] = [];
  const lower = text.toLowerCase();
  const lastEnds = new Map<string, number>();
  let done = 0;
  for (const { index, 0: tag, 1: given = '' } of text.matchAll(OPENING)) {
    if (index < done) continue;
    const name = given.toLowerCase();
    const end = `</${name}>`;
    if (!lastEnds.has(name)) lastEnds.set(name, lower.lastIndexOf(end));
    if ((lastEnds.get(name) ?? -1) < index) continue;
    const inside = index + tag.length;
    const close = lower.indexOf(end, inside);
    kept += text.slice(done, index);
    if (TYPED.has(name)) typed.push(text.slice(inside, close).trim());
    done = close + end.length;
  }
  const own = (kept + text.slice(done)).replace(STRAY, '');
  return own.trim() === '' ? typed.filter(Boolean).join(' ') : own;
}

const CODE_OR_TAG =
  /(`[^`]*`)|<\/?(?:a|b|br|code|details|div|em|h[1-6]|hr|i|kbd|li|ol|p|pre|s|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*)?\/?>/gi;
const LINK = /!?\[([^[\]]{0,300})\]\([^()\s]{0,500}\)/g;
const STRONG = /(\*\*|__|~~)(?=\S)([^*_~]{1,400})(?<=\S)\1/g;
const EMPHASIS = /(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*]{1,400})(?<=[^\s*])\*(?![\p{L}\p{N}*])/gu;

/** A line as it is read: without what makes its words bold, links or elements; code between backticks stays. */
export function asRead(line: string): string {
  return line
    .replace(CODE_OR_TAG, (_whole, code?: string) => code ?? ' ')
    .replace(LINK, '$1')
    .replace(STRONG, '$2')
    .replace(EMPHASIS, '$1');
}
