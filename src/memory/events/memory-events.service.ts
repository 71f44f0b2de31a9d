import { Injectable, Optional } from '@nestjs/common';
import { Refusals } from '../../core/audit/refusals.js';
import { OpskeepError } from '../../core/context/errors.js';
import { lockRows } from '../../core/database/locks.js';
import { KnownSecrets, type Mask } from '../../core/redaction/known-secrets.js';
import { Units } from '../../core/database/units.js';
import { faultOf } from '../../core/resource/bulk/bulk-fault.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import type { MemoryEventResult, MemoryEventResults } from './event.answers.js';
import { EventClaims, type TakenEvent } from './event-claims.service.js';
import { NamedProjects } from '../projects/named-projects.service.js';
import { EVENT_KEY, kindOf } from '../../formats/memory-event.js';
import { EventStore, type PlacedEvent } from './event-store.service.js';
import { keptEvent, type PreparedEvent, preparedEvent, textsOfEvent } from './prepared-event.js';

type Outcome = TakenEvent | OpskeepError;

/** Takes the events of conversations: each once, each by itself, so that a bad one refuses no other. */
@Injectable()
export class MemoryEventsService {
  constructor(
    private readonly units: Units,
    private readonly refusals: Refusals,
    private readonly claims: EventClaims,
    private readonly projects: NamedProjects,
    private readonly store: EventStore,
    @Optional() private readonly secrets?: KnownSecrets,
  ) {}

  async take(items: readonly object[]): Promise<MemoryEventResults> {
    const events: (PreparedEvent | OpskeepError)[] = [];
    for (const item of items) {
      if (turnIsOver()) await nextTurn();
      events.push(await preparedEvent(item).catch((error: unknown) => faultOf(error, false, events.length)));
    }
    return this.units.run(async () => this.takePrepared(items, await this.withoutSecrets(events)));
  }

  /** Without what the vault knows, looked for in all of them together. */
  private async withoutSecrets(
    events: readonly (PreparedEvent | OpskeepError)[],
  ): Promise<(PreparedEvent | OpskeepError)[]> {
    const texts = events.flatMap(one => (one instanceof OpskeepError ? [] : [...textsOfEvent(one)]));
    const mask = await this.secrets?.maskFor(texts);
    const kept: (PreparedEvent | OpskeepError)[] = [];
    for (const one of events) {
      if (turnIsOver()) await nextTurn();
      kept.push(one instanceof OpskeepError ? one : keptOrRefused(one, mask));
    }
    return kept;
  }

  private async takePrepared(
    items: readonly object[],
    events: readonly (PreparedEvent | OpskeepError)[],
  ): Promise<MemoryEventResults> {
    await this.units.admitted();
    const valid = events.filter((one): one is PreparedEvent => !(one instanceof OpskeepError));
    const taken = await this.claims.claim(valid.map(one => one.key));
    const fresh = firstOfEach(valid).filter(one => !taken.has(one.key));
    const outcomes = await this.storeAll(fresh);
    const stored = [...outcomes.values()].filter((one): one is TakenEvent => !(one instanceof OpskeepError));
    await this.claims.settle(stored, fresh.map(one => one.key).filter(isRefused(outcomes)));
    const told = new Set<string>();
    const results = events.map((event, n) => {
      if (event instanceof OpskeepError) return refusal(keyOf(items[n]), event);
      const isFirst = !told.has(event.key);
      told.add(event.key);
      const outcome = outcomes.get(event.key) ?? taken.get(event.key);
      if (outcome instanceof OpskeepError) return refusal(event.key, outcome);
      return success(outcome as TakenEvent, isFirst && outcomes.has(event.key) ? 'stored' : 'repeated');
    });
    for (const one of [...events, ...outcomes.values()])
      if (one instanceof OpskeepError) await this.refusals.note(one);
    const count = (status: string) => results.filter(one => one.status === status).length;
    return {
      results,
      stored: count('stored'),
      repeated: count('repeated'),
      refused: count('refused'),
    };
  }

  /** By key, what became of the events; those that tell of one project are stored by nobody else meanwhile. */
  private async storeAll(events: PreparedEvent[]): Promise<Map<string, Outcome>> {
    const outcomes = new Map<string, Outcome>();
    const projects = await this.projectsOf(events);
    const placed: PlacedEvent[] = [];
    for (const event of events) {
      const project = projects.get(this.projects.keyOf(event.project) ?? '');
      if (typeof project === 'string') placed.push({ event, project_id: project });
      else if (project) outcomes.set(event.key, project);
    }
    const telling = placed.filter(({ event }) => kindOf(event.kind).tells);
    await lockRows(this.units.sql, 'projects', new Set(telling.map(one => one.project_id)));
    for (const [key, outcome] of await this.store.store(placed)) outcomes.set(key, outcome);
    return outcomes;
  }

  /** By what tells them apart: the projects of the events, each asked for once, or why there is none. */
  private async projectsOf(events: readonly PreparedEvent[]): Promise<Map<string, string | OpskeepError>> {
    const named = new Map(events.map(({ project }) => [this.projects.keyOf(project) ?? '', project]));
    const found = new Map<string, string | OpskeepError>();
    for (const [key, project] of [...named].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const find = async () => (await this.projects.find(project)) ?? (await this.projects.register(project));
      found.set(key, await this.units.attempt(find).catch((error: unknown) => faultOf(error, false, 0)));
    }
    return found;
  }
}

function keptOrRefused(event: PreparedEvent, mask: Mask | undefined): PreparedEvent | OpskeepError {
  try {
    return keptEvent(event, mask);
  } catch (error) {
    return faultOf(error, false, 0);
  }
}

function firstOfEach(events: readonly PreparedEvent[]): PreparedEvent[] {
  const first = new Map<string, PreparedEvent>();
  for (const event of events) if (!first.has(event.key)) first.set(event.key, event);
  return [...first.values()];
}

const isRefused = (outcomes: ReadonlyMap<string, Outcome>) => (key: string) =>
  outcomes.get(key) instanceof OpskeepError;

/** The key of an event that is not valid, where at least that is. */
function keyOf(item: unknown): string | null {
  const { key } = item as { key?: unknown };
  return typeof key === 'string' && EVENT_KEY.test(key) ? key : null;
}

function refusal(key: string | null, { message, code, details }: OpskeepError): MemoryEventResult {
  return { key, status: 'refused', error: { error: message, code, details } };
}

function success(
  { key, project_id, resource, row_id }: TakenEvent,
  status: 'stored' | 'repeated',
): MemoryEventResult {
  return { key, status, resource, id: row_id, project_id };
}
