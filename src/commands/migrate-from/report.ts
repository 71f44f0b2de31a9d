import { table } from '../output.js';
import type { RowFault } from './earlier-rows.js';
import { KIND } from './file/entry-row.js';
import type { Migration } from './migrate.js';
import type { Count } from './tally.js';

/** Faults that the words tell; JSON has all. */
const MOST_FAULTS = 50;
const HOW_TO_BRING = '\n--column NAME=FIELD brings one as a field that is called otherwise here.';
/** Characters of a name from the source. */
const MOST_NAME = 100;

export interface Report {
  source: string;
  dry_run: boolean;
  written: boolean;
  rows: Record<'clients' | 'credentials' | 'history', Count>;
  values: { opened: number; plaintext: number; unreadable: number };
  unreadable: RowFault[];
  /** Columns whose values stand in the notes, and columns of which nothing came, with the number of values. */
  in_notes: Record<string, number>;
  /** Columns whose values hold secrets, and came as shared secrets of their own, with the number of values. */
  sealed: Record<string, number>;
  left_out: Record<string, number>;
  handles_taken: number;
}

/** What came of a migration, without a value of the source. */
export function reportOf({ kind, isDryRun, isRefused, tally }: Migration): Report {
  const { opened, plaintext, closed, inNotes, sealed, leftOut } = tally.seen;
  const cut = (name: string) => name.slice(0, MOST_NAME);
  return {
    source: kind,
    dry_run: isDryRun,
    written: !isDryRun && !isRefused,
    rows: tally.counts,
    values: { opened, plaintext, unreadable: closed },
    unreadable: tally.faults.map(one => ({
      ...one,
      row: cut(one.row),
      column: one.column && cut(one.column),
    })),
    in_notes: Object.fromEntries(inNotes),
    sealed: Object.fromEntries(sealed),
    left_out: Object.fromEntries(leftOut),
    handles_taken: tally.handles,
  };
}

export function wordsOf(report: Report): string {
  const { rows, values, unreadable, written } = report;
  const head = ['', 'rows', written ? 'brought' : 'would come', 'there before', 'joined', 'unreadable'];
  const counts = Object.entries(rows).map(([name, one]) =>
    [name, one.rows, one.brought, one.there, one.joined, one.unreadable].map(String),
  );
  const parts = [
    table(head, counts),
    `Values: ${values.opened} opened, ${values.plaintext} in plaintext, ${values.unreadable} that no key opened`,
    named('In the notes', report.in_notes),
    named('Sealed in credentials of their own, since they hold secrets', report.sealed),
    named('Left out', report.left_out, report.source === KIND ? '' : HOW_TO_BRING),
    report.handles_taken > 0 ? `Without their handle, which another has: ${report.handles_taken}` : '',
    faults(unreadable),
    report.dry_run ? 'Nothing was written: this was a dry run.' : '',
  ];
  return parts.filter(one => one !== '').join('\n\n');
}

function named(what: string, counts: Record<string, number>, hint = ''): string {
  const all = Object.entries(counts).map(
    ([name, count]) => `${JSON.stringify(name.slice(0, MOST_NAME))} (${count})`,
  );
  return all.length === 0 ? '' : `${what}: ${all.join(', ')}${hint}`;
}

function faults(all: RowFault[]): string {
  if (all.length === 0) return '';
  const lines = all.slice(0, MOST_FAULTS).map(one => [one.table, one.row, one.column ?? '', one.reason]);
  const more = all.length > MOST_FAULTS ? `\n… and ${all.length - MOST_FAULTS} more (--json tells all)` : '';
  return `${table(['table', 'row', 'column', 'unreadable because'], lines)}${more}`;
}
