import type { Project } from '../project/project.js';
import { type Payload, textOf } from './payload.js';

/** The folder that a session works in: where the host was started, and not where a command has moved to. */
export function folderOf(payload: Payload): string {
  return textOf(payload, 'cwd') ?? process.cwd();
}

/** How the server is asked for a project: by its remote, else by its name; fields begin with `prefix`. */
export function asksFor<P extends string>(
  { remote, name }: Project,
  prefix: P,
): Partial<Record<`${P}remote` | `${P}name`, string>> {
  const field = remote ? `${prefix}remote` : `${prefix}name`;
  return { [field]: remote ?? name } as Partial<Record<`${P}remote` | `${P}name`, string>>;
}
