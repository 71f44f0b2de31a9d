import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { EventBus } from '../events/events.js';
import { subscriberOf } from '../context/address.js';
import { Logger } from '../context/logger.js';
import { ConflictError, type OpskeepError } from '../context/errors.js';
import { currentContext, type RequestContext, runInContext } from '../context/request-context.js';
import { Units } from '../database/units.js';
import { Audit, type AuditFact } from './audit.service.js';
import { routeTarget } from './route-target.js';

declare module '../events/events.js' {
  interface Events {
    /** Somebody was refused something; told for every refusal, also for those that share an entry. */
    'audit.refused': RefusedEvent;
  }
}

/** What was refused to whom, and the entry about it when it has one of its own. */
export interface RefusedEvent {
  action: string;
  /** Null for somebody without a valid token. */
  actor_id: string | null;
  actor_name: string | null;
  resource_type: string | null;
  resource_id: string | null;
  details: Record<string, unknown>;
  journal_id: string | null;
}

/** What was refused, in the words of the entry that it would have had if it had been allowed. */
export type RefusedFact = Omit<AuditFact, 'outcome' | 'changes'>;

/** What an entry says of its target beside the id. */
export type Described = Pick<Required<AuditFact>, 'client_id' | 'name'>;

/** Looks it up by id, whoever asks; without those of which there is no such row. */
export type Describe = (resource_type: string, resource_ids: string[]) => Promise<Map<string, Described>>;

const WINDOW_MS = 60_000;
const MOST_WINDOWS = 10_000;
/** Entries of their own for each window about what does not exist: one for each target, up to this many. */
const MOST_UNKNOWN = 100;
const MOST_IDS = 1_000;
/** An answer that may come without an entry comes after a multiple of it: longer than a commit usually takes. */
const STEP_MS = 25;

const named = new WeakMap<Error, RefusedFact>();

/**
 * Says what an error refuses, for the trail; the answer stays as it is. Without it the trail takes what it can
 * from the route.
 */
export function refusing<E extends Error>(error: E, fact: RefusedFact): E {
  named.set(error, fact);
  return error;
}

/** What an error refuses is the same when another one is thrown in its place. */
export function refusingAs<E extends Error>(error: E, first: Error): E {
  const fact = named.get(first);
  return fact ? refusing(error, fact) : error;
}

function refusalOf(error: Error): RefusedFact | undefined {
  return named.get(error);
}

/** What one actor was refused of one action within a minute. */
interface Window {
  fact: RefusedFact;
  context: RequestContext | undefined;
  since: string;
  count: number;
  /** How many of them have an entry of their own, and how many of these are about what does not exist. */
  written: number;
  unknown: number;
  targets: Set<string>;
  /** The targets that exist, however many. */
  existing: Set<string>;
  routes: Set<string>;
  timer: NodeJS.Timeout;
}

/**
 * Refusals leave a trail. Within a minute, each target has one entry for each actor (or address) and action,
 * written at once; repeats, and what goes beyond a hundred targets that do not exist, share one entry at the end of the
 * minute with their count and the distinct ids: an attack cannot flood the journal, and hides nothing in it. What
 * exists always has its entry, so that no made-up ids keep the attempt from whoever watches the row.
 */
@Injectable()
export class Refusals implements OnApplicationShutdown {
  private readonly windows = new Map<string, Window>();
  private describe: Describe = () => Promise.resolve(new Map<string, Described>());

  constructor(
    private readonly audit: Audit,
    private readonly units: Units,
    private readonly events: EventBus,
    private readonly logger: Logger,
  ) {}

  /** Who can tell more of a target than its id. */
  describedBy(describe: Describe): void {
    this.describe = describe;
  }

  /**
   * Resolves when the entries are committed; inside of a unit they are written after it, however it ends. Never
   * throws: a refusal stands whether or not it can be recorded.
   */
  record(...facts: RefusedFact[]): Promise<void> {
    const context = currentContext();
    // Also what is only counted: that it was tried stands in the trail.
    if (context && facts.length > 0) context.recorded = true;
    return this.units.afterEnd(() => this.recordNow(facts));
  }

  /** Records an error that is a refusal: 401 and 403, 404 and 409 of guarded resources, and what was named with `refusing`. */
  async note(error: OpskeepError): Promise<void> {
    const { route } = currentContext() ?? {};
    const fact = refusalOf(error) ?? (route && factOf(error, route));
    if (!fact) return;
    const { scope, policy } = error.details;
    const name = route && `${route.method} ${route.pattern ?? '(no route)'}`;
    const details = { status: error.status, route: name, scope, policy, ...fact.details };
    await this.record({ ...fact, details });
  }

  private async recordNow(given: RefusedFact[]): Promise<void> {
    const began = performance.now();
    const facts = await this.described(given);
    const fresh = facts.filter(fact => this.isFresh(fact));
    const ids = await this.write(fresh);
    // Beyond the first hundred, what exists alone has an entry, and time would tell it.
    if (facts.some(fact => this.isCrowded(fact)))
      await sleep(STEP_MS - ((performance.now() - began) % STEP_MS));
    const actor = currentContext()?.actor;
    for (const fact of facts)
      this.events.announce('audit.refused', {
        action: fact.action,
        actor_id: actor?.id ?? null,
        actor_name: actor?.name ?? null,
        resource_type: fact.resource_type ?? null,
        resource_id: fact.resource_id ?? null,
        details: fact.details ?? {},
        journal_id: ids[fresh.indexOf(fact)] ?? null,
      });
  }

  /** Writes what was only counted so far. */
  async flush(): Promise<void> {
    await Promise.all([...this.windows.keys()].map(key => this.close(key)));
  }

  onApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  /** Counts a refusal in the window that it belongs to; whether it gets an entry of its own. */
  private isFresh(fact: RefusedFact): boolean {
    const context = currentContext();
    const key = keyOf(fact);
    const window = this.windows.get(key) ?? this.open(key, fact);
    const target = fact.resource_id ?? '';
    const known = window.targets.has(target) || window.existing.has(target);
    const exists = target !== '' && fact.client_id !== undefined;
    window.count += 1;
    if (exists) window.existing.add(target);
    window.context = context;
    if (window.targets.size < MOST_IDS) window.targets.add(target);
    if (typeof fact.details?.route === 'string' && window.routes.size < 20)
      window.routes.add(fact.details.route);
    if (known || (!exists && window.unknown >= MOST_UNKNOWN)) return false;
    if (!exists) window.unknown += 1;
    window.written += 1;
    return true;
  }

  private isCrowded(fact: RefusedFact): boolean {
    return (this.windows.get(keyOf(fact))?.unknown ?? 0) >= MOST_UNKNOWN;
  }

  private open(key: string, fact: RefusedFact): Window {
    const [oldest] = this.windows.keys();
    if (this.windows.size >= MOST_WINDOWS && oldest !== undefined) void this.close(oldest);
    const window: Window = {
      fact,
      context: undefined,
      since: new Date().toISOString(),
      count: 0,
      written: 0,
      unknown: 0,
      targets: new Set(),
      existing: new Set(),
      routes: new Set(),
      timer: setTimeout(() => void this.close(key), WINDOW_MS).unref(),
    };
    this.windows.set(key, window);
    return window;
  }

  private async close(key: string): Promise<void> {
    const window = this.windows.get(key);
    if (!window) return;
    clearTimeout(window.timer);
    this.windows.delete(key);
    if (window.count === window.written) return;
    const { fact, context } = window;
    const summarised = () => this.write([summaryOf(window, fact)]);
    await (context ? runInContext(context, summarised) : summarised());
  }

  /** The ids of the entries; none where they could not be written. */
  private async write(facts: RefusedFact[]): Promise<string[]> {
    if (facts.length === 0) return [];
    try {
      return await this.audit.recordRefused(...facts);
    } catch (failure) {
      this.logger.error({ err: failure }, 'a refusal could not be recorded');
      return [];
    }
  }

  /** With `client_id` where the target exists, and without it where it does not. */
  private async described(facts: RefusedFact[]): Promise<RefusedFact[]> {
    const types = new Map<string, Set<string>>();
    for (const { resource_type, resource_id, client_id } of facts)
      if (resource_type && resource_id && client_id === undefined)
        types.set(resource_type, (types.get(resource_type) ?? new Set()).add(resource_id));
    const found = new Map<string, Map<string, Described>>();
    try {
      for (const [type, ids] of types) found.set(type, await this.describe(type, [...ids]));
    } catch (failure) {
      this.logger.error({ err: failure }, 'what was refused could not be looked up');
    }
    return facts.map(fact => ({
      ...fact,
      ...found.get(fact.resource_type ?? '')?.get(fact.resource_id ?? ''),
    }));
  }
}

/** One actor, or address, and one action. */
function keyOf({ action }: RefusedFact): string {
  const context = currentContext();
  return `${context?.actor?.id ?? subscriberOf(context?.ip ?? '')}|${action}`;
}

function factOf(
  error: OpskeepError,
  { method, pattern, params }: NonNullable<RequestContext['route']>,
): RefusedFact | undefined {
  // Who has no valid token has done nothing in particular: one entry for all that was tried.
  if (error.status === 401) return { action: 'access.refused' };
  const { guarded, ...target } = routeTarget(method, pattern, params, error.details);
  const tells = error.status === 404 || error instanceof ConflictError;
  return error.status === 403 || (tells && guarded) ? target : undefined;
}

function summaryOf(window: Window, fact: RefusedFact): RefusedFact {
  const ids = [...window.targets].filter(id => id !== '');
  const one = window.targets.size === 1;
  return {
    ...fact,
    resource_id: one ? (ids[0] ?? null) : null,
    client_id: one ? fact.client_id : null,
    name: one ? fact.name : null,
    details: {
      since: window.since,
      count: window.count,
      resource_ids: ids,
      ...(window.targets.size >= MOST_IDS ? { more_ids: true } : {}),
      ...(window.routes.size > 0 ? { routes: [...window.routes] } : {}),
    },
  };
}
