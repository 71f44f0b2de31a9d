import { Injectable } from '@nestjs/common';
import { Audit, unnamedFact } from '../audit/audit.service.js';
import { type ErrorDetails, NotFoundError, OpskeepError } from '../context/errors.js';
import { currentContext } from '../context/request-context.js';
import { Units } from '../database/units.js';
import { ResourceRegistry } from '../resource/resource-registry.js';

/** Ends a rehearsal: everything is undone. */
class Undone extends Error {}

interface Item {
  status: number;
  id?: string;
  error?: { details: ErrorDetails };
}

const REFUSED = new Set([401, 403, 404]);

/** A reference to what the caller does not see is a fault of the body, and as good as 404. */
function isRefusal(status: number, details: ErrorDetails): boolean {
  return (
    REFUSED.has(status) || (status === 422 && (details.errors ?? []).some(one => one.rule === 'reference'))
  );
}

function itemsOf(answer: unknown): Item[] {
  const { results } = (answer ?? {}) as { results?: unknown };
  return Array.isArray(results) ? (results as Item[]) : [];
}

/**
 * Whether the caller may still do what he once did, before its answer is given again. Only the handler knows what
 * it asks for, so it runs once more, in a unit that is always undone: what refuses the caller today refuses the
 * stored answer. Other faults (a name that is taken by now, a state that has moved on) are what a repetition meets.
 */
@Injectable()
export class Rehearsal {
  constructor(
    private readonly units: Units,
    private readonly registry: ResourceRegistry,
    private readonly audit: Audit,
  ) {}

  /**
   * @param stored the body of the stored answer
   * @param location of the row that was created, if one was
   * @throws OpskeepError what refuses the caller today; NotFoundError when a row of the answer is not seen any more
   */
  async check(stored: unknown, location: string | undefined, work: () => Promise<unknown>): Promise<void> {
    const [, path, created] = /^\/api\/([^/]+)\/([^/]+)$/.exec(location ?? '') ?? [];
    const [, , resource = ''] = (currentContext()?.route?.pattern ?? '').split('/');
    if (path && created) await this.requireVisible(path, created);
    for (const { status, id } of itemsOf(stored))
      if (status < 300 && id) await this.requireVisible(resource, id);
    const today = await this.rehearse(work);
    if (today instanceof OpskeepError) {
      if (isRefusal(today.status, today.details) || today.status >= 500) throw today;
      return;
    }
    const items = itemsOf(today);
    for (const [index, { status }] of itemsOf(stored).entries()) {
      const now = items[index];
      if (status < 300 && now && isRefusal(now.status, now.error?.details ?? {}))
        throw new NotFoundError('Not all of this may be done by the caller any more', { index });
    }
  }

  /** The entry of an answer that is given again; it is committed before the answer leaves. */
  record(location: string | undefined): Promise<void> {
    const { resource_type = 'request', resource_id, details } = unnamedFact();
    const id = resource_id ?? location?.split('/').at(-1) ?? null;
    return this.audit.recordRead({
      action: `${resource_type}.replay`,
      resource_type: resource_type === 'request' ? undefined : resource_type,
      resource_id: id,
      details,
    });
  }

  /** What the handler answers or refuses today. */
  private async rehearse(work: () => Promise<unknown>): Promise<unknown> {
    const undone = new Undone();
    let answer: unknown;
    try {
      await this.units.run(async () => {
        answer = await work();
        throw undone;
      });
    } catch (error) {
      if (error === undone) return answer;
      if (error instanceof OpskeepError) return error;
      throw error;
    }
    return answer;
  }

  private async requireVisible(path: string, id: string): Promise<void> {
    const service = this.registry.byPath(path);
    if (service && !(await service.reference(id)))
      throw new NotFoundError('The created row is not there any more');
  }
}
