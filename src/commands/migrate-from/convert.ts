import { ConflictError, OpskeepError } from '../../core/context/errors.js';
import type { Body } from '../../core/resource/resource.service.js';
import { refusalIn } from '../bringing/refusal.js';
import { convertHistory } from './convert-history.js';
import type { Converter } from './converter.js';
import { type EarlierRow, type EarlierSystem, Seen } from './earlier-rows.js';
import { keysOf } from './examine.js';
import type { Places } from './place.js';
import type { Tally } from './tally.js';

/**
 * Brings the rows of an earlier system that was examined, each in a unit of its own with the note where it came from:
 * a run that is cut off is gone on with by the next one. Rows that were unreadable are passed over.
 */
export class Conversion {
  /** Keys of credentials by what names them at the source. */
  private readonly keys = new Map<string, string>();

  constructor(
    private readonly converter: Converter,
    private readonly places: Places,
    private readonly tally: Tally,
  ) {}

  async convert(system: EarlierSystem, progress: (done: number) => void): Promise<void> {
    const { clients, credentials, history } = this.tally.counts;
    for (const one of [clients, credentials, history])
      Object.assign(one, { brought: 0, there: 0, joined: 0 });
    // What is read now was counted when it was examined.
    const seen = new Seen();
    let done = 0;
    for await (const row of system.clients(seen)) {
      if (!this.tally.isRefused(row)) await at(row, () => this.client(system, row));
      progress((done += 1));
    }
    for await (const row of system.credentials(seen)) {
      if (!this.tally.isRefused(row)) await at(row, () => this.credential(system, row));
      progress((done += 1));
    }
    await convertHistory(this.converter, system, this.keys, history, () => progress((done += 1)));
  }

  private async client(system: EarlierSystem, row: EarlierRow): Promise<void> {
    const { clients, imported, types } = this.converter;
    const { clients: count } = this.tally.counts;
    const here = await this.places.clientHere(system, row);
    if (here) {
      this.places.knowClient(row.row, here.id);
      count[here.is] += 1;
      return;
    }
    const key = imported.keyOf(system.kind, system.label, ...row.named);
    const create = async () => (await clients.create({ ...row.bodies[0] })).id;
    const made = await imported.once(types.Client, system.kind, key, create);
    this.places.knowClient(row.row, made.id);
    count[made.isNew ? 'brought' : 'there'] += 1;
  }

  private async credential(system: EarlierSystem, row: EarlierRow): Promise<void> {
    const { imported, types } = this.converter;
    const { credentials: count } = this.tally.counts;
    const place = this.places.of(row);
    if ('reason' in place) return;
    const keys = keysOf(this.converter, system, row);
    this.keys.set(row.row, keys[0] ?? '');
    const there = await imported.there(types.Credential, keys);
    for (const [part, body] of row.bodies.entries()) {
      const key = keys[part] ?? '';
      const isNew = !there.has(key) && (await this.create(system, key, { ...body, ...place.body }));
      count[isNew ? 'brought' : 'there'] += 1;
    }
  }

  /** A handle that another row has got meanwhile is no reason to stop half-way: the row has none then. */
  private async create(system: EarlierSystem, key: string, body: Body): Promise<boolean> {
    const { credentials, imported, types } = this.converter;
    const store = (given: Body) =>
      imported.once(types.Credential, system.kind, key, async () => (await credentials.create(given)).id);
    try {
      return (await store(body)).isNew;
    } catch (error) {
      if (!(error instanceof ConflictError) || error.details.field !== 'name' || body.name === undefined)
        throw error;
      const { name: _, ...rest } = body;
      this.tally.handles += 1;
      return (await store(rest)).isNew;
    }
  }
}

/** A row that was taken when it was tried is refused after all: which one it is, and what stands. */
async function at({ table, row }: EarlierRow, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof OpskeepError) || error.status >= 500) throw error;
    const reason = refusalIn(error);
    throw new Error(
      `The row ${JSON.stringify(row.slice(0, 100))} of ${JSON.stringify(table)} was refused: ${reason}. ` +
        'What came before it stays; the same command goes on with the rest',
      { cause: error },
    );
  }
}
