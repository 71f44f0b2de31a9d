import { cut } from '../cut.js';
import { MOST_OF_EVENT } from '../../formats/memory-event.js';
import { withoutRecalled } from '../../formats/recalled.js';
import { redact } from '../../formats/redaction/redact.js';
import { sha256 } from '../../formats/sha256.js';

export type { MemoryEvent } from '../../formats/memory-event.js';

/** Characters of a text that are kept: more is seldom said, and never recalled. */
const MOST_OF_TEXT = 32_000;
/** What is read beyond: a secret on the border is masked before it is cut. */
const MARGIN = 4_096;
/** `\p{Cc}` but the tab and the end of a line: to know that class takes V8 longer than to look through a prompt. */
const CONTROL = /[\0-\b\v-\x1f\x7f-\x9f]/g;

/** A text as it may be stored: nothing that was recalled, no secrets, well-formed, and not too long. */
export function clean(text: string, most = MOST_OF_TEXT): string {
  const own = withoutRecalled(text).toWellFormed().replaceAll('\r\n', '\n').replace(CONTROL, '');
  return cut(redact(cut(own, most + MARGIN)), most).trim();
}

/** A key out of what makes an event the same event: 40 hexadecimal digits. */
export function keyOf(...parts: (string | undefined)[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 40);
}

/**
 * The key of something that was said: the same whichever way it comes, by a hook or out of a transcript. Said twice in
 * answer to one prompt, or in a session whose host numbers no prompts, it is the same thing.
 *
 * @param prompt the host's id of the prompt that it is or answers
 */
export function saidKey(
  session: string,
  speaker: 'user' | 'assistant' | 'summary',
  prompt: string | undefined,
  text: string,
): string {
  return keyOf('said', session, speaker, prompt ?? '', text);
}

/** A UUID (RFC 9562): what hosts call their sessions. It is no secret, and looking for one would take a prompt some of its time. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A conversation's name as it may be stored. */
export function sessionKey(given: unknown): string {
  if (typeof given === 'string' && UUID.test(given)) return given;
  const text = typeof given === 'string' ? clean(given, MOST_OF_EVENT.session_key) : '';
  return text === '' ? 'unknown' : text;
}
