import { Injectable } from '@nestjs/common';
import { reaches } from '../../core/context/actor.js';
import { currentActor } from '../../core/context/request-context.js';
import { Units } from '../../core/database/units.js';
import { decodeMoment } from '../../core/database/values.js';
import { behindPlace, type OrderKey, placeText } from '../../core/resource/lists/keyset.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import { resourceOf } from '../../core/resource/resource.js';
import { allOf } from '../../core/table/clause.js';
import { SessionsService } from '../../work/sessions/sessions.service.js';
import { KINDS, timelineSource } from './timeline-kinds.js';

export interface TimelineEntry {
  at: string;
  kind: string;
  row: object;
}
export interface SessionTimeline {
  items: TimelineEntry[];
  limit: number;
  next: string | null;
}
interface Found {
  kind: string;
  id: string;
  at: string;
}

const ORDER: readonly OrderKey[] = [
  ['line.at', 'moment'],
  ['line.id', 'uuid'],
];

@Injectable()
export class SessionTimelineService {
  constructor(
    private readonly units: Units,
    private readonly sessions: SessionsService,
    private readonly registry: ResourceRegistry,
  ) {}

  /** What was done in a session and the actor's token is for, oldest first: one query for the order, and one for the rows of each kind. */
  async timeline(session_id: string, limit: number, cursor?: string | string[]): Promise<SessionTimeline> {
    const { id } = await this.sessions.find(session_id);
    const behind = allOf(behindPlace(ORDER, cursor));
    const text =
      `SELECT line.kind, line.id, line.at FROM (${timelineSource(this.units.sql.dialect)}) line WHERE ${behind.sql} ` +
      `ORDER BY ${ORDER.map(([column]) => column).join(', ')} LIMIT ${limit + 1}`;
    const values = [...KINDS.map(() => id), ...behind.values];
    const found = await this.units.sql.scan<Found>(text, values);
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const rows = await this.rowsOf(shown);
    const items = shown.flatMap(({ kind, id, at }) => {
      const row = rows.get(id);
      return row ? [{ at: decodeMoment(at), kind, row }] : [];
    });
    return { items, limit, next: last ? placeText([last.at, last.id]) : null };
  }

  private async rowsOf(found: Found[]): Promise<Map<string, object>> {
    const rows = new Map<string, object>();
    for (const { type } of KINDS) {
      const ids = found.filter(one => one.kind === resourceOf(type).name).map(one => one.id);
      if (ids.length === 0 || !reaches(currentActor(), resourceOf(type).path)) continue;
      const page = await this.registry.of(type)?.list({ id: ids, limit: String(ids.length), sort: 'id' });
      for (const row of page?.items ?? []) rows.set(row.id, row);
    }
    return rows;
  }
}
