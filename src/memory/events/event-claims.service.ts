import { Injectable } from '@nestjs/common';
import { currentActor } from '../../core/context/request-context.js';
import { inParts, insertIgnoring, type SqlValue } from '../../core/database/sql.js';
import { newId } from '../../core/database/new-id.js';
import { Units } from '../../core/database/units.js';
import { encodeMoment, now } from '../../core/database/values.js';
import { Rows } from '../../core/table/rows.js';
import { MemoryEvent } from './memory-event.entity.js';

/** What an event became. */
export interface TakenEvent {
  key: string;
  project_id: string;
  resource: string;
  row_id: string;
}

const COLUMNS = 'id, user_id, event_key, project_id, resource, row_id, created_at';
const LINE = '(?, ?, ?, ?, ?, ?, ?)';

/** Takes the key of each event once. All methods work inside the caller's unit. */
@Injectable()
export class EventClaims {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
  ) {}

  /**
   * Claims the keys that nobody has; answers with those that are taken, and what these became. Whoever claims the same
   * key at the same time waits here until the first is done, so that no work is done twice. In one order, so that two
   * with several keys do not wait for each other.
   */
  async claim(keys: readonly string[]): Promise<Map<string, TakenEvent>> {
    const user_id = currentActor().id;
    const sorted = [...new Set(keys)].sort();
    const own = new Set<string>();
    const taken = await this.taken(sorted);
    for (const part of inParts(sorted.filter(key => !taken.has(key)))) {
      const rows = part.map(key => ({ key, id: newId() }));
      for (const { id } of rows) own.add(id);
      const values = rows.flatMap(({ id, key }): SqlValue[] => [
        id,
        user_id,
        key,
        null,
        null,
        null,
        encodeMoment(now()),
      ]);
      const insert = insertIgnoring(this.units.sql.dialect);
      const lines = rows.map(() => LINE).join(', ');
      await this.units.sql.change(`${insert} INTO memory_events (${COLUMNS}) VALUES ${lines}`, values);
    }
    return this.taken(sorted, own);
  }

  /** Writes what the events became, and gives back the keys of those that were refused. */
  async settle(taken: readonly TakenEvent[], refused: readonly string[]): Promise<void> {
    const user_id = currentActor().id;
    for (const { key, ...became } of taken)
      await this.rows.update(MemoryEvent, { user_id, event_key: key }, became);
    await this.rows.remove(MemoryEvent, { user_id, event_key: [...new Set(refused)] });
  }

  private async taken(
    keys: readonly string[],
    own: ReadonlySet<string> = new Set(),
  ): Promise<Map<string, TakenEvent>> {
    const found = await this.rows.find(MemoryEvent, { user_id: currentActor().id, event_key: keys });
    const known = found.filter(one => !own.has(one.id));
    return new Map(
      known.map(({ event_key: key, project_id, resource, row_id }) => [
        key,
        { key, project_id: project_id ?? '', resource: resource ?? '', row_id: row_id ?? '' },
      ]),
    );
  }
}
