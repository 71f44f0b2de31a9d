import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { requireAdmin } from '../context/actor.js';
import { AuthorizationError, ValidationError } from '../context/errors.js';
import { currentActor, currentContext, type DemandedRotations } from '../context/request-context.js';
import { ROTATION_HEADERS } from '../http/policy-headers.js';
import type { RawQuery } from './lists/query-parts.js';
import type { ResourceSpec, Route } from './resource.js';

/** Whose access became less: of a user, or of an access token that was revoked. */
export interface Withdrawn {
  of: 'user' | 'token';
  id: string;
  name: string;
}

/** Demands rotations, and notes them in `rotations`; what stands there already was done. */
type Follower = (withdrawn: Withdrawn, rotations: DemandedRotations) => Promise<void>;

/**
 * `?rotate=revealed` beside a request that takes access away: in its unit, what was revealed and cannot be any more is
 * demanded to be rotated. Who takes access away tells of it; the vault knows what was revealed.
 */
@Injectable()
export class Withdrawals {
  private follower?: Follower;

  follow(follower: Follower): void {
    this.follower = follower;
  }

  /** In the running unit, when the access is less already. */
  async tell(...withdrawn: Withdrawn[]): Promise<void> {
    const rotations = currentContext()?.rotations;
    if (rotations) for (const one of withdrawn) await this.follower?.(one, rotations);
  }
}

/**
 * At the beginning of a handler, each time that it runs.
 *
 * @throws ValidationError for another value; AuthorizationError for who may demand no rotations
 */
export function beginWithdrawal({ withdraws }: ResourceSpec, route: Route, query: unknown): void {
  const context = currentContext();
  const { rotate } = (query ?? {}) as RawQuery;
  if (!context || !withdraws?.includes(route)) return;
  context.rotations = undefined;
  if (rotate === undefined) return;
  if (rotate !== 'revealed') throw ValidationError.of('rotate', 'must be revealed', 'enum');
  requireAdmin(currentActor());
  if (currentActor().token)
    throw new AuthorizationError('An access token demands no rotations: log in for that');
  context.rotations = { demanded: new Set(), demanded_before: new Set(), remaining: new Set() };
}

/** Says in the answer how many there were, where they were asked for. */
export function tellRotations(reply: FastifyReply): void {
  const rotations = currentContext()?.rotations;
  if (!rotations) return;
  for (const name of Object.keys(ROTATION_HEADERS) as (keyof DemandedRotations)[])
    reply.header(ROTATION_HEADERS[name], String(rotations[name].size));
}
