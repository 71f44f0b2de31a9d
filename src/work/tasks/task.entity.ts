import { User } from '../../core/access/user.entity.js';
import {
  BelongsTo,
  Choice,
  LongText,
  MayBelongTo,
  Moment,
  Text,
  Whole,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Project } from '../projects/project.entity.js';
import { Session } from '../sessions/session.entity.js';

export const TASK_STATUSES = ['pending', 'in_progress', 'blocked', 'completed', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Something to do; tasks stand below tasks, and wait for tasks. */
@Resource({
  name: 'task',
  path: 'tasks',
  about: 'What is to be done, in trees, and what has to be done before it.',
  client: 'self',
  inheritsClient: true,
  customFields: true,
  writing:
    'A blocked task has a `blocking_reason`. A task completes when everything that it depends on, and its parts, are ' +
    'completed or cancelled, and takes no open part then (409); what it waits for is not reopened before it (409). It does not stand below itself (409). The pending task ' +
    'that it was made of is completed with it.',
})
export class Task extends ResourceEntity {
  @BelongsTo(() => Task, { onDelete: 'CASCADE', optional: true, description: 'What it is a part of' })
  parent_task_id!: string | null;
  @MayBelongTo(() => Client) client_id!: string | null;
  @MayBelongTo(() => Project, { listBy: true }) project_id!: string | null;
  @MayBelongTo(() => Session, { listBy: true }) session_id!: string | null;
  @Text({ max: 500, search: true }) title!: string;
  @LongText({ optional: true, search: true }) description!: string | null;
  @Choice(TASK_STATUSES) status!: TaskStatus;
  @Choice(['medium', 'critical', 'high', 'low']) priority!: string;
  @MayBelongTo(() => User, { description: 'Somebody who sees the client of the task' })
  assigned_to!: string | null;
  @Text({ optional: true, index: true, description: 'The agent that works on it' })
  owner_agent!: string | null;
  @LongText({ max: 2000, optional: true, description: 'Required while it is blocked' })
  blocking_reason!: string | null;
  @Choice(['moderate', 'simple', 'complex']) complexity!: string;
  @Whole({ optional: true }) estimated_minutes!: number | null;
  @Moment({ optional: true }) due_at!: string | null;
  @Moment({ optional: true, readOnly: true, description: 'When it was first in progress, or completed' })
  started_at!: string | null;
  @Moment({ optional: true, readOnly: true, description: 'Null while it is not completed' })
  completed_at!: string | null;
  @Whole({ default: 0, description: 'Lower first among the tasks of one parent' }) task_order!: number;
}
