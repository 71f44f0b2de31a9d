import { normalized } from '../../formats/normalized.js';
import type { Call } from '../cli/command.js';
import { ClientError, UsageError } from '../cli/errors.js';
import { askHidden, readInput } from '../cli/secret-input.js';
import { askAsUser } from '../session/as-user.js';
import type { Wanted } from '../server/server.js';
import type { Named } from './find-credentials.js';
import { inOptions } from './policy.js';
import type { Grounds } from './reveal.js';

/** Which credential a call names. */
export const namedIn = (call: Call): Named => ({
  credential: call.args[0] ?? '',
  place: call.value('client'),
  typed: true,
});

/** What a call gives for a reveal policy. */
export async function groundsOf(call: Call): Promise<Grounds> {
  return { reason: reasonOf(call), otp: await codeOf(call) };
}

export function reasonOf(call: Call): string | undefined {
  const reason = call.value('reason');
  if (reason !== undefined && reason.trim().length < 3)
    throw new UsageError('--reason takes 3 characters at least.');
  return reason;
}

/** A code of the user's second factor, which is asked for where `-` stands for it. */
export async function codeOf(call: Call): Promise<string | undefined> {
  const given = call.value('otp');
  const otp = given === '-' ? ((await askHidden('One-time code: ')) ?? (await readInput())).trim() : given;
  if (otp !== undefined && !/^\d{6}$/.test(otp)) throw new UsageError('--otp takes six digits.');
  return otp;
}

/** Headers are ASCII: letters lose their accents, and what has no such form is left out. */
const inAscii = (text: string) => normalized(text, 'NFKD').replace(/[^\x20-\x7e]/g, '');

/** A request that a policy may guard, with what the call gives for it. */
export async function askWithGrounds<T>(wanted: Wanted, { reason, otp }: Grounds): Promise<T> {
  const headers = {
    ...(reason === undefined ? {} : { 'x-opskeep-reason': inAscii(reason) }),
    ...(otp === undefined ? {} : { 'x-opskeep-otp': otp }),
  };
  try {
    return await askAsUser<T>({ ...wanted, headers });
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    throw new ClientError(inOptions(error.message), error.exitCode, error.code);
  }
}
