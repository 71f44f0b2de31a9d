import type { Call } from '../cli/command.js';
import { UsageError } from '../cli/errors.js';
import { print, printNotice, writeAtOnce } from '../cli/output.js';
import { readValue } from '../vault/cli/values.js';
import { findCredential } from './find-credentials.js';
import { askWithGrounds, groundsOf, namedIn } from './grounds.js';

interface Rotated {
  id: string;
  name: string | null;
  service_name: string;
  last_rotated_at: string | null;
  generated?: Record<string, string>;
}

function lengthOf(call: Call): number | undefined {
  const text = call.value('length');
  if (text === undefined) return undefined;
  if (!call.flag('generate')) throw new UsageError('--length has a meaning beside --generate alone.');
  if (!/^\d{1,3}$/.test(text)) throw new UsageError('--length takes 8 to 256.');
  return Number(text);
}

/** Replaces a secret at the server by one that is given, or that the server generates; the one before is kept as a version. */
export async function rotate(call: Call): Promise<void> {
  const isGenerated = call.flag('generate');
  if (isGenerated && call.value('file') !== undefined)
    throw new UsageError('A value comes from one place: --generate or --file.');
  if (call.flag('show') && !isGenerated)
    throw new UsageError('--show has a meaning beside --generate alone.');
  const length = lengthOf(call);
  const grounds = await groundsOf(call);
  const { id, name, service_name } = await findCredential({ ...namedIn(call), field: call.value('field') });
  const value = isGenerated ? undefined : await readValue(call);
  if (value === '') throw new UsageError('There is no new value; --generate has the server make one.');
  const body = { field: call.value('field'), value, length, reveal: isGenerated && call.flag('show') };
  const { generated, last_rotated_at } = await askWithGrounds<Rotated>(
    { method: 'POST', path: `/credentials/${id}/rotate`, body, holds: ['id'] },
    grounds,
  );
  const told = { id, name, service_name, last_rotated_at, ...(generated ? { generated } : {}) };
  if (call.json) return print(true, told, () => '');
  printNotice(`Rotated ${name ?? service_name}. What was before is among its versions.`);
  for (const one of Object.values(generated ?? {})) writeAtOnce(`${one}\n`);
}
