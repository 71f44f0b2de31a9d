import { readBoundedText, readBoundedValue } from '../../../formats/bounded-input.js';
import type { Call } from '../../cli/command.js';
import { EXIT, UsageError } from '../../cli/errors.js';
import { print, printNotice, stdout } from '../../cli/output.js';
import { surroundings } from '../../environment.js';
import { writeWhole } from '../../private-files.js';
import { ioFault } from '../../disk/faults.js';
import { Contents } from '../sealed/contents.js';
import { envOf, jsonOf } from '../exchange/export-text.js';
import { importRecords } from '../exchange/import-records.js';
import { recordsIn } from '../exchange/records.js';
import { openedVault } from './opened.js';

const MOST_OF_IMPORT = 64 << 20;

/** Brings credentials from a file into the vault. */
export async function importFile(call: Call): Promise<number> {
  const [path = ''] = call.args;
  const text = await readBoundedText(path, 'FILE', MOST_OF_IMPORT);
  const keyFile = call.value('key-file');
  const secret =
    keyFile === undefined
      ? surroundings().variable('FPAI_CREDENTIALS_KEY')
      : await readBoundedValue(keyFile, 'The file that --key-file names');
  const found = recordsIn(text, { secret, salt: call.value('salt') });
  const dryRun = call.flag('dry-run');
  const told = await importRecords(openedVault(), found, { overwrite: call.flag('overwrite'), dryRun });
  const { stored, skipped, refused } = told;
  print(call.json, { dry_run: dryRun, ...told }, () =>
    [
      `${dryRun ? 'Would store' : 'Stored'} ${stored.length}: ${stored.join(', ') || 'none'}`,
      ...(skipped.length > 0 ? [`There already, and left as they are: ${skipped.join(', ')}`] : []),
      ...refused.map(one => `Refused ${one.name}: ${one.reason}`),
    ].join('\n'),
  );
  return refused.length > 0 ? EXIT.failed : EXIT.ok;
}

/** Writes all values in the clear, into a file or to the standard output. */
export async function exportAll(call: Call): Promise<number> {
  const format = call.value('format') ?? 'json';
  if (format !== 'json' && format !== 'env') throw new UsageError('--format is json or env.');
  const out = call.value('out');
  if (out === undefined && process.stdout.isTTY)
    throw new UsageError('This would show every value on the terminal: --out names a file for them.');
  const { store } = openedVault();
  const version = await store.read();
  const credentials = new Contents(version).all();
  const { text, left } = format === 'json' ? { text: jsonOf(credentials), left: [] } : envOf(credentials);
  const gone = credentials.filter(one => !left.includes(one.name));
  await store.record(
    version,
    gone.map(({ name, type }) => ({ action: 'export', name, type })),
  );
  if (out === undefined) stdout().write(text);
  else writeOut(out, text);
  for (const name of left) printNotice(`${name} cannot be written as a line of .env, and was left out.`);
  if (out !== undefined)
    print(
      call.json,
      { file: out, count: gone.length, left },
      () => `Wrote ${gone.length} values in the clear to ${out}.`,
    );
  return left.length > 0 ? EXIT.failed : EXIT.ok;
}

function writeOut(path: string, text: string): void {
  try {
    writeWhole(path, text);
  } catch (error) {
    throw ioFault(`${path} cannot be written`, error);
  }
}
