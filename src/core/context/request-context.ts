import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Actor } from './actor.js';
import { subscriberOf } from './address.js';
import { AuthenticationError } from './errors.js';

/** Whose rotation was demanded, by this request or before; those above what one request marks. */
export type DemandedRotations = Record<'demanded' | 'demanded_before' | 'remaining', Set<string>>;

/** What is known of the request (or command) that is being served. */
export interface RequestContext {
  /** Ours, and nobody else's: two requests never share it. */
  request_id: string;
  /** What the client called its request (`X-Request-Id`), if it did in a sensible way. */
  client_request_id?: string;
  ip: string | null;
  user_agent: string | null;
  actor?: Actor;
  /** The actor as the login or token allows it now; undefined when it has ended, or does not allow the route any more. */
  presentActor?: () => Promise<Actor | undefined>;
  /** Of a request over HTTP, names in lower case. */
  headers?: Readonly<Record<string, string | string[] | undefined>>;
  /** Which route serves it; absent for commands and jobs. `pattern` is undefined where there is no such route. */
  route?: { method: string; pattern: string | undefined; params: unknown };
  /** Whether something stands in the journal about it already. */
  recorded?: boolean;
  /** Whether a limit of requests has counted it. */
  counted?: boolean;
  /** Ids of credentials, where the request asks for rotations beside taking access away (`?rotate=revealed`). */
  rotations?: DemandedRotations;
  /** Stands in the details of every audit entry: which command, by which user of the operating system. */
  details?: Record<string, unknown>;
}

/** A UUIDv7 without the order inside a millisecond that rows need; a tenth of the cost. */
export function newRequestId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

const storage = new AsyncLocalStorage<RequestContext>();

export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** Runs a command or job under an actor, with a request id of its own. */
export function runAs<T>(actor: Actor, work: () => T, details?: Record<string, unknown>): T {
  return storage.run({ request_id: newRequestId(), ip: null, user_agent: null, actor, details }, work);
}

export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Whom work is done for, where many share something: the actor, the address of who is not logged in, or nobody (''). */
export function currentParty(): string {
  const { actor, ip } = storage.getStore() ?? {};
  return actor?.id ?? (ip ? subscriberOf(ip) : '');
}

/** The actor of this request; 401 where nobody is logged in. */
export function currentActor(): Actor {
  const actor = storage.getStore()?.actor;
  if (!actor) throw new AuthenticationError('Authentication is required');
  return actor;
}

/** The first value of a header of this request, trimmed, at most 500 characters; undefined when there is none. */
export function currentHeader(name: string): string | undefined {
  const text = [storage.getStore()?.headers?.[name]].flat()[0]?.trim();
  return text ? text.slice(0, 500) : undefined;
}

/**
 * Looks again at who is asking: from here on the actor has the rights of now. Whether they are the same as before.
 *
 * @throws AuthenticationError when the login or token has ended, or does not allow the route any more
 */
export async function renewActor(): Promise<boolean> {
  const context = storage.getStore();
  if (!context?.actor || !context.presentActor) return true;
  const before = context.actor;
  const actor = await context.presentActor();
  if (!actor) throw new AuthenticationError('The login has ended');
  context.actor = actor;
  return rightsOf(actor) === rightsOf(before);
}

function rightsOf({ scopes, client_access, client_ids }: Actor): string {
  return JSON.stringify([[...scopes].sort(), client_access, [...client_ids].sort()]);
}
