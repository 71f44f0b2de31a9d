import type { Units } from '../../database/units.js';

interface Batch<R> {
  ids: Set<string>;
  rows: Promise<Map<string, R>>;
}

/**
 * Reads rows by their id, strictly and without a cache: one query for all who wait in the same turn of the event loop.
 * Units have queries of their own, by the connection of the first who asks: those of all units may be all that there are.
 */
export class TurnBatch<R> {
  private readonly waiting: { alone?: Batch<R>; inUnits?: Batch<R> } = {};

  constructor(
    private readonly units: Units,
    private readonly read: (ids: string[]) => Promise<Map<string, R>>,
  ) {}

  async get(id: string): Promise<R | undefined> {
    if (!this.units.active) return this.among('alone', id);
    // What a unit has changed is not true for others before its commit; and SQLite runs one unit at a time.
    if (this.units.changed || this.units.sql.dialect === 'sqlite') return (await this.read([id])).get(id);
    // Whose connection was lost is no matter of the others.
    return this.among('inUnits', id).catch(async () => (await this.read([id])).get(id));
  }

  private async among(kind: keyof TurnBatch<R>['waiting'], id: string): Promise<R | undefined> {
    const batch = (this.waiting[kind] ??= this.begun(kind));
    batch.ids.add(id);
    return (await batch.rows).get(id);
  }

  private begun(kind: keyof TurnBatch<R>['waiting']): Batch<R> {
    const ids = new Set<string>();
    const rows = new Promise<void>(resolve => setImmediate(resolve)).then(() => {
      this.waiting[kind] = undefined;
      return this.read([...ids]);
    });
    return { ids, rows };
  }
}
