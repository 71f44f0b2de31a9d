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
import { EVENT_KEY } from '../../formats/memory-event.js';
import { EventStore, type PlacedEvent } from './event-store.service.js';
import { EventDecisions } from './event-decisions.service.js';
import { inTime, inUnits, type ReadEvent, readEvent } from './read-event.js';
import { keptEvent, type PreparedEvent, preparedEvent, textsOfEvent } from './prepared-event.js';

/** What became of an event that was valid: refused, or a row; of one that was taken before, which row. */
type Outcome = { taken: TakenEvent; isNew: boolean } | OpskeepError;

/**
 * Takes the events of conversations: each once, each by itself, so that a bad one refuses no other. They are stored a
 * few at a time, in units of their own, so that nobody waits for the database until all of them are: what is stored
 * when one fails stays, and is repeated when they come again.
 */
@Injectable()
export class MemoryEventsService {
  constructor(
    private readonly units: Units,
    private readonly refusals: Refusals,
    private readonly claims: EventClaims,
    private readonly projects: NamedProjects,
    private readonly store: EventStore,
    private readonly decisions: EventDecisions,
    @Optional() private readonly secrets?: KnownSecrets,
  ) {}

  async take(items: readonly object[]): Promise<MemoryEventResults> {
    const prepared: (PreparedEvent | OpskeepError)[] = [];
    for (const item of items) {
      if (turnIsOver()) await nextTurn();
      prepared.push(
        await preparedEvent(item).catch((error: unknown) => faultOf(error, false, prepared.length)),
      );
    }
    const events = await this.withoutSecrets(prepared);
    const read: ReadEvent[] = [];
    for (const event of firstOfEach(events.filter(isValid))) {
      if (turnIsOver()) await nextTurn();
      read.push(readEvent(event));
    }
    const outcomes = new Map<string, Outcome>();
    for (const part of inUnits(inTime(read))) {
      await this.readAhead(part);
      for (const [key, outcome] of await this.units.run(() => this.storePart(part)))
        outcomes.set(key, outcome);
    }
    for (const one of [...events, ...outcomes.values()])
      if (one instanceof OpskeepError) await this.refusals.note(one);
    return resultsOf(items, events, outcomes);
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

  /** What is compared with decisions of a project that is known is read before the unit. */
  private async readAhead(part: readonly ReadEvent[]): Promise<void> {
    const deciding = part
      .filter(({ told }) => told && told.decided.length > 0)
      .map(({ event }) => event.project);
    const named = new Map(deciding.map(project => [this.projects.keyOf(project), project]));
    for (const project of named.values()) {
      const project_id = await this.projects.find(project);
      if (project_id) await this.decisions.readAhead(project_id);
    }
  }

  /** By key, what became of the events. */
  private async storePart(part: readonly ReadEvent[]): Promise<Map<string, Outcome>> {
    await this.units.admitted();
    const taken = await this.claims.claim(part.map(({ event }) => event.key));
    const fresh = part.filter(({ event }) => !taken.has(event.key));
    const stored = await this.storeAll(fresh);
    const rows = [...stored.values()].filter((one): one is TakenEvent => !(one instanceof OpskeepError));
    const refused = [...stored].filter(([, one]) => one instanceof OpskeepError).map(([key]) => key);
    await this.claims.settle(rows, refused);
    return new Map<string, Outcome>([
      ...[...taken].map(([key, one]) => [key, { taken: one, isNew: false }] as const),
      ...[...stored].map(
        ([key, one]) => [key, one instanceof OpskeepError ? one : { taken: one, isNew: true }] as const,
      ),
    ]);
  }

  /** By key, what became of the events; those that tell of one project are stored by nobody else meanwhile. */
  private async storeAll(events: readonly ReadEvent[]): Promise<Map<string, TakenEvent | OpskeepError>> {
    const outcomes = new Map<string, TakenEvent | OpskeepError>();
    const projects = await this.projectsOf(events.map(({ event }) => event));
    const placed: PlacedEvent[] = [];
    for (const one of events) {
      const project = projects.get(this.projects.keyOf(one.event.project) ?? '');
      if (typeof project === 'string') placed.push({ ...one, project_id: project });
      else if (project) outcomes.set(one.event.key, project);
    }
    const telling = placed.filter(({ told }) => told);
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

const isValid = (one: PreparedEvent | OpskeepError): one is PreparedEvent => !(one instanceof OpskeepError);

/** What is told of the events, in their order; of a key that comes twice in them the second is repeated. */
function resultsOf(
  items: readonly object[],
  events: readonly (PreparedEvent | OpskeepError)[],
  outcomes: ReadonlyMap<string, Outcome>,
): MemoryEventResults {
  const told = new Set<string>();
  const results = events.map((event, n) => {
    if (event instanceof OpskeepError) return refusal(keyOf(items[n]), event);
    const outcome = outcomes.get(event.key);
    if (outcome === undefined) throw new Error('An event was neither stored nor refused');
    if (outcome instanceof OpskeepError) return refusal(event.key, outcome);
    const isStored = outcome.isNew && !told.has(event.key);
    told.add(event.key);
    return success(outcome.taken, isStored ? 'stored' : 'repeated');
  });
  const count = (status: string) => results.filter(one => one.status === status).length;
  return { results, stored: count('stored'), repeated: count('repeated'), refused: count('refused') };
}

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
