import type { Call } from '../cli/command.js';
import { EXIT } from '../cli/errors.js';
import { print } from '../cli/output.js';
import { localChecks } from './local-checks.js';
import { roundTrip } from './round-trip.js';
import { serverChecks } from './server-checks.js';

/** Looks at everything that hooks need, fires each of them, and proves that what is saved is recalled. */
export async function doctor(call: Call): Promise<number> {
  const checks = localChecks();
  const isLocal = checks.every(one => one.ok || !['configuration', 'spool'].includes(one.name));
  if (isLocal) checks.push(...(await serverChecks()));
  const isThere = isLocal && checks.every(one => one.ok || !['server', 'token'].includes(one.name));
  if (isThere) checks.push(...(await roundTrip()));
  const faults = checks.filter(one => !one.ok);
  print(call.json, { ok: faults.length === 0, checks }, () =>
    [
      ...checks.map(one => `${one.ok ? 'ok    ' : 'FAULT '} ${one.name}: ${one.detail}`),
      ...(faults.length > 0 ? ['', 'To mend:'] : ['', 'Everything works.']),
      ...faults.map(one => `- ${one.name}: ${one.mend}`),
    ].join('\n'),
  );
  return faults.length === 0 ? EXIT.ok : EXIT.failed;
}
