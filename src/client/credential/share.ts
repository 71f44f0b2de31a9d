import type { Call } from '../cli/command.js';
import { UsageError } from '../cli/errors.js';
import { print, printNotice, writeAtOnce } from '../cli/output.js';
import { askHidden, readInput } from '../cli/secret-input.js';
import { findCredential } from './find-credentials.js';
import { askWithGrounds, codeOf, namedIn, reasonOf } from './grounds.js';

interface Made {
  id: string;
  url: string;
  views: number;
  expires_at: string;
}

function numberOf(call: Call, name: 'views' | 'hours', most: number): number | undefined {
  const text = call.value(name);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,2}$/.test(text) || Number(text) > most)
    throw new UsageError(`--${name} takes 1 to ${most}.`);
  return Number(text);
}

async function passphraseOf(call: Call): Promise<string | undefined> {
  if (!call.flag('passphrase')) return undefined;
  const text = (await askHidden('Passphrase of the link: ')) ?? (await readInput()).replace(/\r?\n$/, '');
  if (text.length < 6) throw new UsageError('A passphrase has 6 characters at least.');
  return text;
}

/** Makes a one-time link. It is a secret itself: the standard output has it, and nothing else. */
export async function share(call: Call): Promise<void> {
  const reason = reasonOf(call);
  if (reason === undefined) throw new UsageError('--reason says why: the trail keeps it.');
  const [views, hours, field] = [
    numberOf(call, 'views', 20),
    numberOf(call, 'hours', 720),
    call.value('field'),
  ];
  const otp = await codeOf(call);
  const passphrase = await passphraseOf(call);
  const { id, name, service_name } = await findCredential({ ...namedIn(call), field });
  const body = {
    reason,
    views,
    expires_in: hours === undefined ? undefined : hours * 3600,
    passphrase,
    fields: field === undefined ? undefined : [field],
    ends_with_rotation: call.flag('after-rotation') ? false : undefined,
  };
  const path = `/credentials/${id}/share`;
  const made = await askWithGrounds<Made>(
    { method: 'POST', path, body, holds: ['id', 'url', 'expires_at'] },
    { otp },
  );
  if (call.json) return print(true, made, () => '');
  const often = made.views === 1 ? 'once' : `${made.views} times`;
  printNotice(`Opens ${name ?? service_name} ${often}, until ${made.expires_at}.`);
  writeAtOnce(`${made.url}\n`);
}
