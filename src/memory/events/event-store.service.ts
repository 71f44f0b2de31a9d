import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { NotFoundError, OpskeepError, ValidationError } from '../../core/context/errors.js';
import { Logger } from '../../core/context/logger.js';
import { Units } from '../../core/database/units.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { faultOf } from '../../core/resource/bulk/bulk-fault.js';
import { resourceOf } from '../../core/resource/resource.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { kindOf } from '../../formats/memory-event.js';
import { ContextSnippetsService } from '../context-snippets/context-snippets.service.js';
import { ConversationContextsService } from '../conversation-contexts/conversation-contexts.service.js';
import { ConversationTurn } from '../conversation-turns/conversation-turn.entity.js';
import { ConversationTurnsService } from '../conversation-turns/conversation-turns.service.js';
import type { TakenEvent } from './event-claims.service.js';
import { checkpointOf, metadataOf, snippetOf, turnOf } from './event-rows.js';
import { inTime, type ReadEvent } from './read-event.js';
import type { PreparedEvent } from './prepared-event.js';
import { ProjectProgress } from './project-progress.service.js';
import { SessionSummaries } from './session-summaries.service.js';

/** An event and the project that it is of. */
export interface PlacedEvent extends ReadEvent {
  project_id: string;
}

/** Makes rows of events. Works inside the caller's unit, which has locked the projects. */
@Injectable()
export class EventStore {
  constructor(
    private readonly units: Units,
    private readonly turns: ConversationTurnsService,
    private readonly contexts: ConversationContextsService,
    private readonly snippets: ContextSnippetsService,
    private readonly summaries: SessionSummaries,
    private readonly progress: ProjectProgress,
    private readonly logger: Logger,
  ) {}

  /** By key, what became of the events. Turns are stored together, the rest in the order in which it happened. */
  async store(placed: readonly PlacedEvent[]): Promise<Map<string, TakenEvent | OpskeepError>> {
    const telling = placed.filter(({ event }) => kindOf(event.kind).tells);
    const toldLast = await this.progress.toldLast([...new Set(telling.map(one => one.project_id))]);
    const outcomes = await this.storeTurns(placed);
    for (const one of inTime(placed)) {
      const { key } = one.event;
      if (turnIsOver()) await nextTurn();
      if (outcomes.get(key) instanceof OpskeepError) continue;
      const outcome = await this.units
        .attempt(() => this.storeFurther(one))
        .catch((error: unknown) => faultOf(error, false, 0));
      if (outcome && (outcome instanceof OpskeepError || !outcomes.has(key))) outcomes.set(key, outcome);
    }
    await this.follow(
      telling.filter(one => !(outcomes.get(one.event.key) instanceof OpskeepError)),
      toldLast,
    );
    return outcomes;
  }

  /** What was stored stands, whatever becomes of what follows from it. */
  private async follow(
    telling: readonly PlacedEvent[],
    toldLast: ReadonlyMap<string, string>,
  ): Promise<void> {
    for (const project_id of new Set(telling.map(one => one.project_id))) {
      const events = inTime(telling.filter(one => one.project_id === project_id));
      await this.units
        .attempt(() => this.progress.follow(project_id, events, toldLast.get(project_id)))
        .catch((error: unknown) => {
          this.logger.warn({ err: faultOf(error, false, 0), project_id }, 'events changed no state');
        });
    }
  }

  private async storeTurns(placed: readonly PlacedEvent[]): Promise<Map<string, TakenEvent | OpskeepError>> {
    const said = placed.flatMap(({ event, project_id }) => {
      const body = turnOf(event, project_id);
      return body ? [{ key: event.key, project_id, body }] : [];
    });
    const outcomes = new Map<string, TakenEvent | OpskeepError>();
    if (said.length === 0) return outcomes;
    const { create } = bodiesOf(resourceOf(ConversationTurn));
    const bodies = said.map(one => one.body);
    for (const { index, id, error } of await this.turns.bulk(bodies, false, create)) {
      const { key, project_id } = said[index] as (typeof said)[number];
      outcomes.set(
        key,
        id === undefined
          ? refusedTurn(error)
          : { key, project_id, resource: 'conversation_turn', row_id: id },
      );
    }
    return outcomes;
  }

  /** What an event is beside or instead of a turn. */
  private async storeFurther({ event, told, project_id }: PlacedEvent): Promise<TakenEvent | undefined> {
    const { key, kind } = event;
    if (kind === 'note') {
      const { id } = await this.snippets.create(snippetOf(event, project_id));
      return { key, project_id, resource: 'context_snippet', row_id: id };
    }
    if (kind === 'checkpoint') {
      const row_id = await this.putDown(event, project_id);
      return { key, project_id, resource: 'conversation_context', row_id };
    }
    if (!told) return undefined;
    const id = await this.summaries.add(event, told.summary, project_id);
    return { key, project_id, resource: 'conversation_context', row_id: id };
  }

  /** A checkpoint that says what an earlier one of its conversation said is that one, as things stand now. */
  private async putDown(event: PreparedEvent, project_id: string): Promise<string> {
    const row = await this.contexts.create(checkpointOf(event, project_id));
    const metadata = metadataOf(event);
    const before = row.occurred_at ?? '';
    if (metadata && before <= event.at && !isDeepStrictEqual(row.metadata, metadata))
      await this.contexts.update(row.id, {
        metadata: { ...row.metadata, ...metadata },
        occurred_at: event.at,
      });
    return row.id;
  }
}

/** The fault of one turn, as its bulk tells it. */
function refusedTurn(error: { error: string; code: string; details: object } | undefined): OpskeepError {
  const details = (error?.details ?? {}) as { errors?: [] };
  return error?.code === 'not_found'
    ? new NotFoundError(error.error, details)
    : new ValidationError(details.errors ?? [], error?.error);
}
