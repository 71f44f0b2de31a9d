import { Injectable } from '@nestjs/common';
import { ResourceKit } from '../../core/resource/kit.js';
import { type ResourceEntity, resourceOf } from '../../core/resource/resource.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import type { Ranked } from './ranking/rank.js';
import { type Said, SOURCES } from './sources.js';

/** What a ranked entry's row says now. */
export interface Recalled {
  ranked: Ranked;
  row: ResourceEntity;
  said: Said;
}

type Found = Omit<Recalled, 'ranked'>;

/** Reads the rows of entries, however long they are, as somebody follows the pages of a list. */
@Injectable()
export class RecalledRows {
  constructor(private readonly kit: ResourceKit) {}

  /**
   * What the rows say, in the order of the entries, with turns for others in between; so many are read at once, and
   * none once nobody asks for more. Who may not see one, or finds it gone, does not learn of it.
   */
  async *of(ranked: readonly Ranked[], atOnce: number): AsyncGenerator<Recalled, void, undefined> {
    for (let from = 0; from < ranked.length; from += atOnce) {
      const part = ranked.slice(from, from + atOnce);
      const rows = await this.rowsOf(part);
      for (const one of part) {
        const found = rows.get(one.candidate.row_id);
        if (!found) continue;
        if (turnIsOver()) await nextTurn();
        yield { ranked: one, ...found };
      }
    }
  }

  private async rowsOf(ranked: readonly Ranked[]): Promise<Map<string, Found>> {
    const rows = new Map<string, Found>();
    for (const { type, saidBy } of SOURCES) {
      const { name } = resourceOf(type);
      const id = ranked.filter(({ candidate }) => candidate.kind === name).map(one => one.candidate.row_id);
      const service = this.kit.registry.of(type);
      if (id.length === 0 || !service) continue;
      const query = { id, limit: String(id.length), count: 'none' };
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await service.part(cursor === undefined ? query : { ...query, cursor });
        for (const row of page.items as ResourceEntity[]) rows.set(row.id, { row, said: saidBy(row) });
        cursor = page.next;
      }
    }
    return rows;
  }
}
