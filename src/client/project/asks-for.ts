import type { Project } from './project.js';

/** How the server is asked for a project: by its remote, else by its name; fields begin with `prefix`. */
export function asksFor<P extends string>(
  { remote, name }: Project,
  prefix: P,
): Partial<Record<`${P}remote` | `${P}name`, string>> {
  const field = remote ? `${prefix}remote` : `${prefix}name`;
  return { [field]: remote ?? name } as Partial<Record<`${P}remote` | `${P}name`, string>>;
}
