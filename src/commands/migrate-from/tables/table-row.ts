import { FormatError } from '../../../formats/format-error.js';
import type { EarlierRow, RowFault } from '../earlier-rows.js';
import type { Cell, CellsOfRow, EarlierDatabase } from '../source/earlier-database.js';

/** The cells of a row as texts; those that are none are its faults. */
export class TableRow {
  readonly faults: RowFault[] = [];
  readonly row: string;

  constructor(
    private readonly database: EarlierDatabase,
    private readonly table: string,
    private readonly cells: CellsOfRow,
    id: string,
    /** Which row of the table it is, for one that has no name. */
    number: number,
  ) {
    this.row = this.text(id) ?? '';
    if (this.row !== '') return;
    this.row = `(row ${number})`;
    this.fault(id, 'nothing names the row, so that it could come twice');
  }

  /** Null where nothing stands. */
  text(column: string): string | null {
    const cell = this.cells.get(column) as Cell;
    if (cell === undefined && this.cells.has(column)) return this.fault(column, 'is longer than 1 MiB');
    if (!cell || cell.length === 0) return null;
    try {
      return this.database.textOf(cell);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return this.fault(column, `is no text: ${error.message}`);
    }
  }

  fault(column: string, reason: string): null {
    const isKnown = this.faults.some(one => one.column === column && one.reason === reason);
    if (!isKnown) this.faults.push({ table: this.table, row: this.row ?? '', column, reason });
    return null;
  }

  /**
   * What it is called at its source. An id may be that of another row in another database: the time at which the row
   * was made tells them apart or, where there is none, what else is said.
   */
  named(columns: readonly string[], otherwise: string | null): (string | null)[] {
    const made = columns.includes('created_at') ? this.text('created_at') : null;
    return [this.table, this.row, made ?? otherwise];
  }

  become(rest: Pick<EarlierRow, 'client' | 'user' | 'bodies'>, named: (string | null)[]): EarlierRow {
    return { table: this.table, row: this.row, named, faults: this.faults, ...rest };
  }
}
