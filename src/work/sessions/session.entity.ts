import { User } from '../../core/access/user.entity.js';
import {
  Choice,
  Day,
  Flag,
  LongText,
  MayBelongTo,
  Moment,
  Text,
  Whole,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Machine } from '../../directory/machines/machine.entity.js';
import { Project } from '../projects/project.entity.js';

export const STATUSES = ['in_progress', 'completed', 'blocked', 'pending'] as const;
export type SessionStatus = (typeof STATUSES)[number];

/** A stretch of work of one person; what was done in it hangs on it. */
@Resource({
  name: 'session',
  path: 'sessions',
  about: 'Stretches of work, with what was done in them; closing one ends it.',
  client: 'self',
  inheritsClient: true,
  owner: 'user_id',
  taggable: true,
  writing: 'A session ends at most 366 days after it started. Only administrators name another `user_id`.',
  customFields: true,
})
export class Session extends ResourceEntity {
  @MayBelongTo(() => Client) client_id!: string | null;
  @MayBelongTo(() => Project, { listBy: true }) project_id!: string | null;
  @MayBelongTo(() => Machine, { description: 'Where it was worked on' })
  machine_id!: string | null;
  @MayBelongTo(() => User, { description: 'Who worked: the creator unless an administrator names another' })
  user_id!: string | null;
  @Text({ max: 500, search: true }) title!: string;
  @Day({
    assigned: true,
    description: 'When absent, the day of its start, or today, in the time zone of the client (or UTC)',
  })
  session_date!: string;
  @Moment({
    optional: true,
    description: 'Now when absent from a new session that names neither session_date nor ended_at',
  })
  started_at!: string | null;
  @Moment({ optional: true, description: 'Not before started_at' }) ended_at!: string | null;
  @Whole({
    optional: true,
    readOnly: true,
    description: 'From started_at to ended_at, to the nearest minute',
  })
  duration_minutes!: number | null;
  @Choice(STATUSES) status!: SessionStatus;
  @LongText({ optional: true, search: true }) summary!: string | null;
  @Flag({
    default: false,
    description:
      'Closing it leaves a draft of billable time; time that is written by hand says itself whether it is billable',
  })
  is_billable!: boolean;
  @Text({ optional: true, search: true }) technician!: string | null;
  @LongText({ optional: true, search: true }) notes!: string | null;
}
