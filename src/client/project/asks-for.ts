import type { Project } from './project.js';

/**
 * How the server is asked for a project, by fields that begin with `prefix`: as events name it, so that what is saved is
 * found again. Which of the two counts is for the server to say.
 */
export function asksFor<P extends string>(
  { remote, name }: Project,
  prefix: P,
): Partial<Record<`${P}remote` | `${P}name`, string>> {
  const asked = { [`${prefix}name`]: name, ...(remote ? { [`${prefix}remote`]: remote } : {}) };
  return asked as Partial<Record<`${P}remote` | `${P}name`, string>>;
}
