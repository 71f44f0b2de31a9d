import { User } from '../../core/access/user.entity.js';
import { Choice, Day, LongText, MayBelongTo, Moment, Text } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Project } from '../projects/project.entity.js';
import { Task, TASK_STATUSES, type TaskStatus } from '../tasks/task.entity.js';
import { WorkItem } from '../work-items/work-item.entity.js';

/** What somebody has promised to a client and nobody has begun. */
@Resource({
  name: 'pending_task',
  path: 'pending-tasks',
  about: 'Open promises to clients; starting work on one makes a task of it.',
  client: 'self',
  inheritsClient: true,
  customFields: true,
  writing: 'A blocked one says in `blocked_by` what keeps it.',
})
export class PendingTask extends ResourceEntity {
  @MayBelongTo(() => Client) client_id!: string | null;
  @MayBelongTo(() => Project, { listBy: true }) project_id!: string | null;
  @MayBelongTo(() => WorkItem, { description: 'Where it came up' })
  work_item_id!: string | null;
  @MayBelongTo(() => Task, { readOnly: true, description: 'What it became when work on it was started' })
  task_id!: string | null;
  @Text({ max: 500, search: true }) title!: string;
  @LongText({ optional: true, search: true }) description!: string | null;
  @Choice(['medium', 'critical', 'high', 'low']) priority!: string;
  @LongText({ max: 2000, optional: true, description: 'Required while it is blocked' })
  blocked_by!: string | null;
  @MayBelongTo(() => User, { description: 'Somebody who sees the client of the task' })
  assigned_to!: string | null;
  @Day({ optional: true }) due_on!: string | null;
  @Choice(TASK_STATUSES) status!: TaskStatus;
  @Moment({ optional: true, readOnly: true, description: 'Null while it is not completed' })
  completed_at!: string | null;
}
