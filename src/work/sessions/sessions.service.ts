import { Injectable } from '@nestjs/common';
import { isAdmin, requireReach } from '../../core/context/actor.js';
import { AuthorizationError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { now } from '../../core/database/values.js';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import { Client } from '../../directory/clients/client.entity.js';
import { BillableTimeService } from '../billable-time/billable-time.service.js';
import { dayIn } from '../../formats/day-in.js';
import { checkTimes, minutesBetween } from './session-times.js';
import { Session, type SessionStatus } from './session.entity.js';

/** How a session ends; what is absent is now, `completed`, and the summary that it has. */
export interface Closing {
  ended_at?: string;
  status?: Exclude<SessionStatus, 'in_progress'>;
  summary?: string | null;
}

@Injectable()
export class SessionsService extends ResourceService(Session) {
  constructor(private readonly time: BillableTimeService) {
    super();
  }

  /** Ends a session; 409 when it has ended already. A billable one leaves a draft of billable time. */
  close(id: string, { ended_at, status = 'completed', summary }: Closing): Promise<View<Session>> {
    return this.kit.units.run(async () => {
      const before = await this.find(id, true);
      await this.requireWriter(before);
      if (before.is_billable) requireReach(currentActor(), this.time.spec.path);
      if (before.ended_at !== null) throw this.conflict('The session was closed already', before, 'ended_at');
      const end = new Date(ended_at ?? (await this.endNow(before))).toISOString();
      checkTimes({ ...before, ended_at: end });
      const row = await this.change(
        before,
        {
          ended_at: end,
          status,
          duration_minutes: minutesBetween(before.started_at, end),
          summary: summary === undefined ? before.summary : summary,
        },
        'close',
      );
      if (row.is_billable) await this.time.draftOf(row);
      return this.viewOf(row);
    });
  }

  protected override async fill(row: Session, before: Session | undefined, body: Body): Promise<void> {
    const { started_at, ended_at, session_date } = body;
    if (!before && started_at === undefined && ended_at === undefined && session_date === undefined)
      row.started_at = now();
    row.duration_minutes = minutesBetween(row.started_at, row.ended_at);
    row.session_date ||= dayIn(await this.zoneOf(row.client_id), row.started_at ?? now());
  }

  protected override check(row: Session, before?: Session): void {
    const actor = currentActor();
    const isOwn = row.user_id === (before ? before.user_id : actor.id);
    if (!isOwn && actor.kind === 'user' && !isAdmin(actor))
      throw new AuthorizationError('Only administrators name another user', {
        field: 'user_id',
        resource_type: 'Session',
        resource_id: row.id,
      });
    checkTimes(row);
  }

  /** @throws ValidationError for a session of another day of which nobody said when it began: now was not its end */
  private async endNow({ client_id, started_at, session_date }: Session): Promise<string> {
    const end = now();
    if (started_at === null && session_date !== dayIn(await this.zoneOf(client_id), end))
      throw ValidationError.of(
        'ended_at',
        'is required: the session is of another day, and has no started_at',
        'required',
      );
    return end;
  }

  private async zoneOf(client_id: string | null): Promise<string> {
    if (client_id === null) return 'UTC';
    const client = await this.kit.units.remembered('clients', `zone of ${client_id}`, () =>
      this.kit.rows.findOne(Client, { id: client_id }),
    );
    return client?.timezone ?? 'UTC';
  }
}
