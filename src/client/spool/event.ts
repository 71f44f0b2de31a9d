import { createHash } from 'node:crypto';
import { cut } from '../cut.js';
import { withoutRecalled } from '../../formats/recalled.js';
import { redact } from '../../formats/redaction/redact.js';
import type { GitState } from '../project/changed-files.js';
import type { Project } from '../project/project.js';

/** What `POST /api/memory/events` takes. */
export interface MemoryEvent {
  /** 1 to 128 of `[A-Za-z0-9._:-]`; the same key again changes nothing. */
  key: string;
  kind: 'turn' | 'tool' | 'stop' | 'compact' | 'checkpoint' | 'note';
  /** ISO 8601. */
  at: string;
  /** 1 to 255 characters. */
  session_key: string;
  project: Project;
  source: 'hook' | 'import' | 'mcp' | 'api';
  /** Without secrets, and without what was recalled. */
  text: string;
  speaker?: 'user' | 'assistant' | 'tool';
  sequence?: number;
  title?: string;
  tags?: string[];
  git?: Partial<GitState>;
}

/** Characters of a text that are kept: more is seldom said, and never recalled. */
const MOST_OF_TEXT = 32_000;
/** What is read beyond: a secret on the border is masked before it is cut. */
const MARGIN = 4_096;
const CONTROL = /[^\P{Cc}\n\t]/gu;

/** A text as it may be stored: nothing that was recalled, no secrets, well-formed, and not too long. */
export function clean(text: string, most = MOST_OF_TEXT): string {
  const own = withoutRecalled(text).toWellFormed().replaceAll('\r\n', '\n').replace(CONTROL, '');
  return cut(redact(cut(own, most + MARGIN)), most).trim();
}

/** A key out of what makes an event the same event: 40 hexadecimal digits. */
export function keyOf(...parts: (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}

/** A conversation's name as it may be stored. */
export function sessionKey(given: unknown): string {
  const text = typeof given === 'string' ? clean(given, 255) : '';
  return text === '' ? 'unknown' : text;
}
