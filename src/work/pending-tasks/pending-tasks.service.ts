import { Injectable } from '@nestjs/common';
import { requireReach } from '../../core/context/actor.js';
import { currentActor } from '../../core/context/request-context.js';
import { now } from '../../core/database/values.js';
import { ResourceService, type View } from '../../core/resource/resource.service.js';
import { requireAssignable } from '../tasks/assignable.js';
import { isOpen, requireReason } from '../tasks/task-status.js';
import type { Task } from '../tasks/task.entity.js';
import { TasksService } from '../tasks/tasks.service.js';
import { PendingTask } from './pending-task.entity.js';

@Injectable()
export class PendingTasksService extends ResourceService(PendingTask) {
  constructor(private readonly tasks: TasksService) {
    super();
    tasks.whenCompleted(task => this.follow(task));
  }

  /**
   * Makes a task of it, which is in progress from now on, as it is itself; whoever starts it has it, unless somebody
   * had it before. 409 when it has a task, is completed or cancelled.
   */
  startWork(id: string): Promise<View<Task>> {
    return this.kit.units.run(async () => {
      const before = await this.find(id, true);
      await this.requireWriter(before);
      requireReach(currentActor(), this.tasks.spec.path);
      if (before.task_id !== null) throw this.conflict('Work on it was started already', before, 'task_id');
      if (!isOpen(before.status)) throw this.conflict(`It is ${before.status}`, before, 'status');
      const { title, description, client_id, project_id, priority, due_on } = before;
      const { id: actor_id, kind } = currentActor();
      const task = await this.tasks.create({
        ...{ title, description, client_id, project_id, priority },
        assigned_to: before.assigned_to ?? (kind === 'user' ? actor_id : null),
        due_at: due_on && `${due_on}T23:59:59.000Z`,
        status: 'in_progress',
      });
      await this.change(before, { status: 'in_progress', task_id: task.id }, 'start_work');
      return task;
    });
  }

  /** A promise is kept when the task that it became is completed, and in progress again when that is reopened. */
  private async follow({ id: task_id, status, completed_at }: Task): Promise<void> {
    const isDone = status === 'completed';
    const of = await this.kit.rows.find(PendingTask, { task_id });
    for (const before of of.filter(one => (isDone ? isOpen(one.status) : one.status === 'completed')))
      await this.change(before, { status: isDone ? 'completed' : 'in_progress', completed_at });
  }

  protected override fill(row: PendingTask): void {
    row.completed_at = row.status === 'completed' ? (row.completed_at ?? now()) : null;
  }

  protected override async check(row: PendingTask, before?: PendingTask): Promise<void> {
    requireReason(row.status, 'blocked_by', row.blocked_by);
    await requireAssignable(this.kit, row, before);
  }
}
