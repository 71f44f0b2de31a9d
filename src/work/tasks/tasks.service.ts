import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { now } from '../../core/database/values.js';
import { lockEdges } from '../../core/resource/structure/graph.js';
import { placeText } from '../../core/resource/lists/keyset.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import type { Page } from '../../core/resource/lists/page.js';
import type { Referred } from '../../core/resource/resource-registry.js';
import { ResourceService, type View } from '../../core/resource/resource.service.js';
import { isAtOrAbove } from '../../core/resource/structure/tree.js';
import { requireAssignable } from './assignable.js';
import { TaskDependenciesService } from './task-dependencies.service.js';
import { hasOpenPart, isCompleted } from './task-parts.js';
import { isOpen, requireReason, stamped } from './task-status.js';
import { treeStatement } from './task-tree.js';
import { Task } from './task.entity.js';

/** A task in the tree of another one. */
export type TaskInTree = View<Task> & { depth: number };
export interface TaskTree {
  items: TaskInTree[];
  limit: number;
  next: string | null;
}

/** Changes what follows a task that is completed now, or no longer is. */
export type Follower = (task: Task) => Promise<void>;

@Injectable()
export class TasksService extends ResourceService(Task) {
  private readonly followers: Follower[] = [];

  constructor(private readonly waiting: TaskDependenciesService) {
    super();
  }

  /** What a task waits for itself. */
  async dependencies(id: string, query: RawQuery): Promise<Page<View<Task>>> {
    await this.find(id);
    return this.list(query, this.waiting.of(id));
  }

  /** Lets a task wait for another one; no change when it does. */
  depend(id: string, other: string): Promise<void> {
    return this.kit.units.run(async () => {
      await lockEdges(this.kit.units);
      const task = await this.find(id, true);
      await this.requireWriter(task);
      const before = await this.find(other);
      if (await this.waiting.has(task.id, before.id)) return;
      if (task.client_id && before.client_id && task.client_id !== before.client_id)
        throw this.conflict('A task of another client is no dependency', before, 'client_id');
      if (await this.waiting.waitsFor(before.id, task.id))
        throw this.conflict(
          'A task cannot wait for itself, nor for one that waits for it',
          task,
          'depends_on_id',
        );
      if (task.status === 'completed' && isOpen(before.status))
        throw this.conflict('A completed task does not wait for one that is open', task, 'status');
      await this.waiting.add(task.id, before.id);
      this.recordChange('add_dependency', task, { depends_on_id: before.id });
    });
  }

  /** Lets a task wait for another one no longer; no change when it does not. */
  release(id: string, other: string): Promise<void> {
    return this.kit.units.run(async () => {
      const task = await this.find(id, true);
      await this.requireWriter(task);
      const before = await this.find(other);
      if (await this.waiting.remove(task.id, before.id))
        this.recordChange('remove_dependency', task, { depends_on_id: before.id });
    });
  }

  /** A task and all that is below it, level by level; in three queries, however large it is. */
  async tree(id: string, limit: number, { cursor, fields, omit }: RawQuery): Promise<TaskTree> {
    await this.find(id);
    const { text, values } = treeStatement(id, this.visible(), cursor, limit + 1);
    const found = await this.kit.units.sql.scan<{ id: string; depth: number; task_order: number }>(
      text,
      values,
    );
    const places = found.slice(0, limit);
    const last = found.length > limit ? places.at(-1) : undefined;
    const next = last ? placeText([Number(last.depth), last.task_order, last.id]) : null;
    const ids = places.map(one => one.id);
    const chosen = { ...(fields === undefined ? {} : { fields }), ...(omit === undefined ? {} : { omit }) };
    const page = await this.list({ id: ids, limit: String(ids.length || 1), sort: 'id', ...chosen });
    const tasks = new Map(page.items.map(one => [one.id, one]));
    const items = places.flatMap(({ id, depth }) => {
      const task = tasks.get(id);
      return task ? [{ ...task, depth: Number(depth) }] : [];
    });
    return { items, limit, next };
  }

  protected override fill(row: Task): void {
    Object.assign(row, stamped(row.status, row, now()));
  }

  /** Has `follow` told of every task that is completed, or no longer is, in the same unit. */
  whenCompleted(follow: Follower): void {
    this.followers.push(follow);
  }

  protected override async check(row: Task, before?: Task): Promise<void> {
    requireReason(row.status, 'blocking_reason', row.blocking_reason);
    await requireAssignable(this.kit, row, before);
    await this.requireOpenParent(row, before);
    if (!before) return;
    const parent = row.parent_task_id;
    if (parent && parent !== before.parent_task_id)
      if (await isAtOrAbove(this.kit.units, { table: 'tasks', parent: 'parent_task_id' }, row.id, parent))
        throw this.conflict('A task cannot be a part of itself', row, 'parent_task_id');
    if (isOpen(row.status) && !isOpen(before.status)) await this.requireNoneDone(row);
    if ((row.status === 'completed') === (before.status === 'completed')) return;
    if (row.status === 'completed') await this.requireDone(row);
    for (const follow of this.followers) await follow(row);
  }

  private async requireDone(row: Task): Promise<void> {
    if (await this.waiting.isWaiting(row.id, this.visible()))
      throw this.conflict('The task waits for others that are open', row, 'status');
    if (await hasOpenPart(this.kit, row.id, this.visible()))
      throw this.conflict('Tasks that are a part of it are open', row, 'status');
  }

  /** What is completed waits for nothing that is open: that is reopened first. */
  private async requireNoneDone(row: Task): Promise<void> {
    if (await this.waiting.isWaitedForByCompleted(row.id, this.visible()))
      throw this.conflict('A completed task waits for it: reopen that first', row, 'status');
  }

  /** What is completed has no part that is open. Whoever completes the parent at the same time waits, or is waited for. */
  private async requireOpenParent(row: Task, before?: Task): Promise<void> {
    const { parent_task_id } = row;
    const isAsBefore = before?.parent_task_id === parent_task_id && isOpen(before.status);
    if (parent_task_id === null || !isOpen(row.status) || isAsBefore) return;
    if (await isCompleted(this.kit, parent_task_id))
      throw this.conflict('It is a part of a completed task', row, 'parent_task_id');
  }

  override async checkMoved({ id, client_id }: Referred): Promise<void> {
    if (client_id === null) return;
    await lockEdges(this.kit.units);
    if (await this.waiting.isTiedToOthers(id, client_id))
      throw ValidationError.of(
        'client_id',
        'tasks of the present client depend on this one, or it on them',
        'client',
      );
  }
}
