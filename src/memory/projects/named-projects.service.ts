import { Injectable } from '@nestjs/common';
import { currentActor } from '../../core/context/request-context.js';
import { lockInstallation } from '../../core/database/locks.js';
import { Units } from '../../core/database/units.js';
import type { Project } from '../../work/projects/project.entity.js';
import { ProjectsService } from '../../work/projects/projects.service.js';
import { withoutPassword } from './remote.js';

/** How a project is named from outside. */
export interface NamedProject {
  name?: string;
  remote?: string;
  path?: string;
}

type Where = { repository_key: string } | { name: string; repository_key: null };

/**
 * Projects as they are named from outside: known by their git remote in whichever of its forms, else by their name among
 * those without one. Who says that a project has this remote draws in what is said of it elsewhere; so only an own
 * project fits, or one of a client of which somebody who sees every client has said so.
 */
@Injectable()
export class NamedProjects {
  constructor(
    private readonly units: Units,
    private readonly projects: ProjectsService,
  ) {}

  /** What tells projects apart; undefined for what names none. */
  keyOf(named: NamedProject): string | undefined {
    const where = this.whereOf(named);
    return where && JSON.stringify(where);
  }

  /**
   * The own project, else the only one of a client that fits; undefined where the actor knows none, or several. What he
   * may not see is as good as not there.
   */
  async find(named: NamedProject): Promise<string | undefined> {
    const where = this.whereOf(named);
    if (!where) return undefined;
    const [own, others]: [Project[], Project[]] = [[], []];
    for await (const one of this.projects.all(where)) {
      if (isOwn(one)) own.push(one);
      else if (isKnownToAll(one)) others.push(one);
    }
    const rank = (one: Project) => (one.status === 'archived' ? 2 : 0) + (one.client_id ? 0 : 1);
    // The oldest of the best, each time the same.
    const [best] = own.sort((a, b) => rank(a) - rank(b));
    return best?.id ?? (others.length === 1 ? others[0]?.id : undefined);
  }

  /** The project, registered where it is not known: once, however many ask for it at the same time. */
  async register(named: NamedProject & { name: string }): Promise<string> {
    await lockInstallation(this.units.sql);
    const known = await this.find(named);
    if (known) return known;
    const { name, path, remote } = named;
    const row = await this.projects.create({
      name,
      category: 'internal_product',
      ...(this.remoteOf(remote) ? { repository_url: withoutPassword(remote ?? '') ?? null } : {}),
      ...(path ? { local_path: path } : {}),
    });
    return row.id;
  }

  private whereOf({ name, remote }: NamedProject): Where | undefined {
    const repository_key = this.remoteOf(remote);
    if (repository_key) return { repository_key };
    return name === undefined ? undefined : { name, repository_key: null };
  }

  /** What all forms of the remote have in common; one that is only a folder of that computer names nothing elsewhere. */
  private remoteOf(remote: string | undefined): string | undefined {
    const open = remote === undefined ? undefined : withoutPassword(remote);
    return open === undefined ? undefined : this.projects.repositoryKeyOf(open);
  }
}

/** Without a client, what the actor registered; with one, what he himself said that it is known by. */
function isOwn({ client_id, user_id, known_by }: Project): boolean {
  return (client_id === null ? user_id : known_by) === currentActor().id;
}

/** By its remote alone: a name is the same in many places. */
function isKnownToAll({ client_id, repository_key, known_to_all, status }: Project): boolean {
  return client_id !== null && repository_key !== null && known_to_all === true && status !== 'archived';
}
