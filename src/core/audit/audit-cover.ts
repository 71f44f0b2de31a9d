import { applyDecorators, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import { isUnavailable } from '../database/database-errors.js';
import { Units } from '../database/units.js';
import { OpskeepError } from '../context/errors.js';
import { Audit, unnamedFact } from './audit.service.js';

const CHANGES_NOTHING = 'opskeep:changes-nothing';
/** A POST that only works something out. If it changes a row all the same, that has an entry. */
export const ChangesNothing = () =>
  applyDecorators(SetMetadata(CHANGES_NOTHING, true), ApiExtension('x-changes-nothing', true));

const UPDATES = new Set(['PUT', 'PATCH']);

/**
 * Stands inside of the unit over every writing route: what its service has not recorded is recorded here as
 * `METHOD route`, in the same transaction. An update that found nothing to change leaves no entry, because there is
 * nothing to tell; a unit that changed a row always has one (`Audit` sees to that before every commit).
 */
@Injectable()
export class AuditCover {
  constructor(
    private readonly reflector: Reflector,
    private readonly units: Units,
    private readonly audit: Audit,
  ) {}

  async over(context: ExecutionContext, handle: () => Promise<unknown>): Promise<unknown> {
    if (this.reflector.get(CHANGES_NOTHING, context.getHandler())) return handle();
    const { method } = context.switchToHttp().getRequest<{ method: string }>();
    try {
      const answer = await handle();
      if (!this.audit.hasRecorded && !(UPDATES.has(method) && this.units.active && !this.units.changed))
        await this.cover(answer);
      return answer;
    } catch (error) {
      await this.noteFailure(error);
      throw error;
    }
  }

  private cover(answer: unknown): Promise<void> {
    const fact = unnamedFact();
    const { id } = (answer ?? {}) as { id?: unknown };
    const resource_id = fact.resource_id ?? (typeof id === 'string' ? id : null);
    return this.audit.recordRead({ ...fact, resource_id });
  }

  /** A fault of ours may have happened anywhere on the way. Refusals are the filter's, and a database that is away takes no entry. */
  private async noteFailure(error: unknown): Promise<void> {
    if (error instanceof OpskeepError || isUnavailable(error)) return;
    await this.units.afterEnd(async () => {
      // The error is what the caller is told, not that it could not be recorded.
      await this.audit.recordRead({ ...unnamedFact(), outcome: 'failed' }).catch(() => undefined);
    });
  }
}
