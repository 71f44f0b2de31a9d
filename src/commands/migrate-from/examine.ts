import { OpskeepError } from '../../core/context/errors.js';
import type { Units } from '../../core/database/units.js';
import { refusalIn } from '../bringing/refusal.js';
import type { Converter } from './converter.js';
import type { EarlierRow, EarlierSystem } from './earlier-rows.js';
import type { Places } from './place.js';
import type { Count, Tally } from './tally.js';

type Progress = (done: number) => void;

/** Ends a unit whose rows were only tried. */
class Undone extends Error {}

/** Why the service refuses a row, in words without a value; undefined where it takes it. Nothing of it stays. */
async function refusalOf(units: Units, create: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await units.run(async () => {
      await create();
      throw new Undone();
    });
    return undefined;
  } catch (error) {
    if (error instanceof Undone) return undefined;
    if (!(error instanceof OpskeepError) || error.status >= 500) throw error;
    return refusalIn(error);
  }
}

/** Opens every value of an earlier system, and tries every row, before anything is written. */
export class Examination {
  private readonly names = new Set<string>();

  constructor(
    private readonly converter: Converter,
    private readonly places: Places,
    private readonly tally: Tally,
  ) {}

  async examine(system: EarlierSystem, progress: Progress): Promise<void> {
    const { clients, credentials, history } = this.tally.counts;
    let done = 0;
    const each = async <R>(rows: AsyncIterable<R>, count: Count, look: (row: R) => Promise<void> | void) => {
      for await (const row of rows) {
        count.rows += 1;
        await look(row);
        progress((done += 1));
      }
    };
    await each(system.clients(this.tally.seen), clients, row => this.client(system, row));
    await each(system.credentials(this.tally.seen), credentials, row => this.credential(system, row));
    await each(system.history(), history, row => {
      if (row.faults.length > 0) this.tally.refuse(history, row.faults);
      else history.brought += 1;
    });
  }

  private async client(system: EarlierSystem, row: EarlierRow): Promise<void> {
    const { clients: count } = this.tally.counts;
    if (this.isTwice(row) || row.faults.length > 0) return this.tally.refuse(count, row.faults, row);
    const here = await this.places.clientHere(system, row);
    const { units, clients } = this.converter;
    if (here === undefined) {
      const reason = await refusalOf(units, () => clients.create({ ...row.bodies[0] }));
      if (reason !== undefined)
        return this.tally.refuse(count, [{ table: row.table, row: row.row, reason }], row);
    }
    this.places.knowClient(row.row, here?.id ?? null);
    count[here?.is ?? 'brought'] += 1;
  }

  private async credential(system: EarlierSystem, row: EarlierRow): Promise<void> {
    const { credentials: count } = this.tally.counts;
    if (this.isTwice(row) || row.faults.length > 0) return this.tally.refuse(count, row.faults, row);
    const place = this.places.of(row);
    const fault = (reason: string) =>
      this.tally.refuse(count, [{ table: row.table, row: row.row, reason }], row);
    if ('reason' in place) return fault(place.reason);
    const { imported, units, credentials, types } = this.converter;
    const keys = keysOf(this.converter, system, row);
    const there = await imported.there(types.Credential, keys);
    for (const [part, body] of row.bodies.entries()) {
      if (there.has(keys[part] ?? '')) continue;
      const reason = await refusalOf(units, () => credentials.create({ ...body, ...place.body }));
      if (reason !== undefined) return fault(reason);
    }
    count.there += there.size;
    count.brought += row.bodies.length - there.size;
  }

  /** Two rows of the same name could not be told apart by the next run. */
  private isTwice(row: EarlierRow): boolean {
    const name = JSON.stringify(row.named);
    if (this.names.has(name))
      row.faults.push({
        table: row.table,
        row: row.row,
        reason: 'another row has the same name: --id-column names another',
      });
    this.names.add(name);
    return row.faults.length > 0;
  }
}

/** What a row is called here for good, for each of those that it becomes. */
export function keysOf(
  { imported }: Converter,
  { kind, label }: EarlierSystem,
  { named, bodies }: EarlierRow,
): string[] {
  return bodies.map((_, part) => imported.keyOf(kind, label, ...named, ...(part === 0 ? [] : [part])));
}
