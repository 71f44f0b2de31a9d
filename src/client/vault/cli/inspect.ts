import type { Call } from '../../cli/command.js';
import { EXIT, UsageError } from '../../cli/errors.js';
import { print } from '../../cli/output.js';
import { backupsOf, restore } from '../backups.js';
import type { AuditEntry } from '../disk/audit-log.js';
import { historyOf, lastEntries } from '../history.js';
import { statsOf } from '../stats.js';
import { verify } from '../verify.js';
import { openedVault } from './opened.js';
import { table } from '../../cli/table.js';

const ENTRIES = 50;

function words(entries: AuditEntry[]): string {
  const rows = entries.map(({ n, at, action, name = '', from, type = '' }) => {
    return [String(n), at, action, from === undefined ? name : `${from} → ${name}`, type];
  });
  return table(['N', 'AT', 'ACTION', 'NAME', 'TYPE'], rows);
}

/** The last entries of the log, the newest last. */
export async function audit(call: Call): Promise<void> {
  const [count = String(ENTRIES)] = call.args;
  if (!/^[1-9]\d{0,6}$/.test(count)) throw new UsageError('COUNT is a number from 1.');
  const entries = await lastEntries(openedVault().store, Number(count));
  print(call.json, entries, () => words(entries));
}

export async function history(call: Call): Promise<void> {
  const entries = await historyOf(openedVault().store, call.args[0] ?? '');
  print(call.json, entries, () => words(entries));
}

export async function stats(call: Call): Promise<void> {
  const told = await statsOf(openedVault().store);
  const { by_type, ...rest } = told;
  const types = Object.entries(by_type).map(([type, count]) => `${type} ${count}`);
  print(call.json, told, () =>
    Object.entries({ ...rest, by_type: types.join(', ') || 'none' })
      .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${value}`)
      .join('\n'),
  );
}

export async function verifyAll(call: Call): Promise<number> {
  const checks = await verify(openedVault().store, call.flag('accept'));
  const ok = checks.every(one => one.ok);
  print(call.json, { ok, checks }, () =>
    checks.map(one => `${one.ok ? 'ok    ' : 'FAULT '} ${one.name}: ${one.detail}`).join('\n'),
  );
  return ok ? EXIT.ok : EXIT.failed;
}

export async function backups(call: Call): Promise<void> {
  const told = await backupsOf(openedVault().store);
  print(call.json, told, () =>
    table(
      ['NAME', 'AT', 'ENTRIES', 'BYTES'],
      told.map(one => [
        one.name,
        one.at,
        one.entries === null ? 'does not open' : String(one.entries),
        String(one.size_bytes),
      ]),
    ),
  );
}

export async function restoreBackup(call: Call): Promise<void> {
  const [name = ''] = call.args;
  const entries = await restore(openedVault().store, name);
  print(call.json, { restored: name, entries }, () => `Restored backup ${name}, with ${entries} entries.`);
}
