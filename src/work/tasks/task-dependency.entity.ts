import { BelongsTo, Moment, Uuid } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';
import { Task } from './task.entity.js';

/** A task waits for another one. */
@Stored({ table: 'task_dependencies', unique: [['task_id', 'depends_on_id']] })
export class TaskDependency {
  @Uuid({ primary: true }) id!: string;
  @BelongsTo(() => Task, { onDelete: 'CASCADE', index: false }) task_id!: string;
  @BelongsTo(() => Task, { onDelete: 'CASCADE' }) depends_on_id!: string;
  @Moment({ index: false }) created_at!: string;
}
