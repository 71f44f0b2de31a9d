import type { Units } from '../../database/units.js';

/**
 * Reads rows by their id, strictly and without a cache: one query for all who wait in the same turn of the event loop. A
 * unit reads for itself, on its own connection: those of all units may be all that there are.
 */
export class TurnBatch<R> {
  private waiting?: { ids: Set<string>; rows: Promise<Map<string, R>> };

  constructor(
    private readonly units: Units,
    private readonly read: (ids: string[]) => Promise<Map<string, R>>,
  ) {}

  async get(id: string): Promise<R | undefined> {
    if (this.units.active) return (await this.read([id])).get(id);
    if (!this.waiting) {
      const ids = new Set<string>();
      const rows = new Promise<void>(resolve => setImmediate(resolve)).then(() => {
        this.waiting = undefined;
        return this.read([...ids]);
      });
      this.waiting = { ids, rows };
    }
    const { ids, rows } = this.waiting;
    ids.add(id);
    return (await rows).get(id);
  }
}
