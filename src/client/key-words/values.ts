import { parseReference } from '../../formats/reference.js';
import { isMarker } from '../../formats/redaction/marker.js';
import { type Key, isSecretKey } from './keys.js';

const MOST = 64 << 10;
const LEAST_OF_KEY = 8;
/** More words are a sentence about a password. */
const MOST_WORDS = 6;

/** What stands where a secret is to be put in, or says where it is. */
const PLACEHOLDER =
  /^(?:[-–—.*•…?x_]+|n\/?a|none|null|nil|tbd|todo|unknown|required|optional|<[^<>]*>|\[[^[\]]*\]|\{\{.*\}\}|\$\{[^{}]*\}|\$\([^()]*\)|%\w+%|(?:your|my)[-_ ].*|change[-_ ]?me|redacted|hidden|(?:see|in|ask) (?:the )?(?:vault|keepass|bitwarden|1password|lastpass|it ?glue|hudu|password (?:manager|safe)|above|below)\b.*|(?:op|vault|env|file|arn|ssm):.*)$/i;
const VARIABLE = /^\$[A-Z_][A-Z0-9_]*$/;

/** A URL with a password in it, as a connection has it. */
const WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s@]+@[^\s]+$/i;

/** The value without what only writes it: a span of code, quotes, emphasis, the brackets of a link. */
export function bareValue(text: string): string {
  const value = text.trim();
  const [, , code] = /^(`{1,3})([^`]+)\1(?:\s|$)/.exec(value) ?? [];
  if (code !== undefined) return code.trim();
  const [, , quoted] = /^(["'])(.+)\1$/s.exec(value) ?? [];
  const [, , strong] = /^(\*\*|__)(\S.*)\1$/s.exec(value) ?? [];
  const [, link] = /^<([a-z][a-z0-9+.-]*:[^<>\s]+)>$/i.exec(value) ?? [];
  const [, target] = /^\[[^[\]]*\]\(([^()\s]+)\)$/.exec(value) ?? [];
  return quoted ?? strong ?? link ?? target ?? value;
}

const isSentence = (value: string) =>
  value.split(/\s+/).length > MOST_WORDS || /^\S+(?:\s+\S+){2,}[.!?]$/.test(value);

/**
 * The key of a value, once it is looked at: a URL with a password in it is a connection; undefined where a value is none,
 * such as one that is still to be put in.
 */
export function settledKey(key: Key, value: string): Key | undefined {
  if (value === '' || value.length > MOST || !value.isWellFormed()) return undefined;
  if (key === 'url' && WITH_PASSWORD.test(value) && !PLACEHOLDER.test(passwordIn(value)))
    return 'connection_string';
  if (!isSecretKey(key)) return key;
  if (PLACEHOLDER.test(value) || VARIABLE.test(value) || isMarker(value) || parseReference(value))
    return undefined;
  if (key === 'password') return isSentence(value) ? undefined : key;
  if (key === 'connection_string') return /[=:]/.test(value) ? key : undefined;
  // A key is one word; a path says where one is.
  const isPath = /^(?:\.{0,2}|~)\/[\w./-]+$/.test(value);
  return /\s/.test(value) || value.length < LEAST_OF_KEY || isPath ? undefined : key;
}

const passwordIn = (url: string) => /^[^@]*?:\/\/[^:@]*:(.*)@/.exec(url)?.[1] ?? '';
