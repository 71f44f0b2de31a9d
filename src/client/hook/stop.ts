import { gitState } from '../project/changed-files.js';
import { clean, type MemoryEvent, saidKey, sessionKey } from '../spool/event.js';
import type { HookContext } from './context.js';
import { type Payload, textOf, workOf } from './payload.js';
import { lastAnswerIn } from '../transcript/last-answer.js';

/** Keeps the last answer of the assistant, with where the work stands in git. Injects nothing, ever. */
export async function stopped(payload: Payload, context: HookContext): Promise<undefined> {
  const path = textOf(payload, 'transcript_path');
  // Hosts before 2026 told the answer in the transcript alone.
  const said = textOf(payload, 'last_assistant_message') ?? (path && lastAnswerIn(path)) ?? '';
  await keepSaid('stop', said, {}, payload, context);
}

/** Keeps what the host made of the conversation when it compacted it. */
export async function compacted(payload: Payload, context: HookContext): Promise<undefined> {
  const how = textOf(payload, 'trigger') === 'manual' ? 'asked for' : 'automatic';
  const more = { title: `Summary of the conversation (${how})` };
  await keepSaid('compact', textOf(payload, 'compact_summary') ?? '', more, payload, context);
}

/** Nothing to keep; what waits is brought away. */
export async function passing(_payload: Payload, context: HookContext): Promise<undefined> {
  if (context.spool.waiting().length > 0) await context.startUpload();
}

async function keepSaid(
  kind: 'stop' | 'compact',
  said: string,
  more: Partial<MemoryEvent>,
  payload: Payload,
  context: HookContext,
): Promise<void> {
  const text = clean(said);
  if (text !== '') {
    const { project, repository } = workOf(payload);
    const at = new Date();
    const session = sessionKey(payload.session_id);
    const speaker = kind === 'stop' ? 'assistant' : 'summary';
    const prompt = kind === 'stop' ? textOf(payload, 'prompt_id') : undefined;
    context.keep({
      key: saidKey(session, speaker, prompt, text),
      kind,
      at: at.toISOString(),
      ...(kind === 'stop' ? { speaker: 'assistant', sequence: Math.floor(at.getTime() / 1000) } : {}),
      session_key: session,
      project,
      source: 'hook',
      text,
      ...more,
      ...(repository ? { git: gitState(repository, context.state) } : {}),
    });
  }
  await passing(payload, context);
}
