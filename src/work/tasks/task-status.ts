import { ValidationError } from '../../core/context/errors.js';
import type { TaskStatus } from './task.entity.js';

export function isOpen(status: TaskStatus): boolean {
  return status !== 'completed' && status !== 'cancelled';
}

/** The moments that follow from a status; those that are known stay. */
export function stamped(
  status: TaskStatus,
  { started_at, completed_at }: { started_at: string | null; completed_at: string | null },
  time: string,
): { started_at: string | null; completed_at: string | null } {
  const isCompleted = status === 'completed';
  return {
    started_at: isCompleted || status === 'in_progress' ? (started_at ?? time) : started_at,
    completed_at: isCompleted ? (completed_at ?? time) : null,
  };
}

/** What is blocked says by what. */
export function requireReason(status: TaskStatus, field: string, reason: string | null): void {
  if (status === 'blocked' && !reason?.trim())
    throw ValidationError.of(field, 'is required while the status is blocked', 'required');
}
