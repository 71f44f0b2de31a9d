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
 * Projects as they are named from outside: known by their git remote in whichever of its forms, else by their name among those without
 * one. Only projects that the actor may see are known: where one that he does not see has the same remote, he gets the
 * one that he would get if nobody had it, and neither learns of the other nor writes into it.
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

  /** The project; undefined where the actor knows none. */
  async find(named: NamedProject): Promise<string | undefined> {
    const where = this.whereOf(named);
    if (!where) return undefined;
    const found: Project[] = [];
    for await (const one of this.projects.all(where)) found.push(one);
    const actor = currentActor().id;
    const rank = (one: Project) =>
      (one.status === 'archived' ? 4 : 0) + (one.client_id ? 0 : 2) + (one.user_id === actor ? 0 : 1);
    // The oldest of the best, for everybody the same.
    return found.sort((a, b) => rank(a) - rank(b))[0]?.id;
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
      ...(this.remoteOf(remote) ? { repository_url: withoutPassword(remote ?? '') } : {}),
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
    return remote === undefined || /\s/.test(remote) ? undefined : this.projects.repositoryKeyOf(remote);
  }
}
