import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import type { Page } from '../../core/resource/lists/page.js';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import { allOf } from '../../core/table/clause.js';
import { redact } from '../../formats/redaction/redact.js';
import { Project } from './project.entity.js';
import { repositoryKey } from './repository-key.js';
import { freeSlug, slugOf } from './slug.js';

const WHO = ['repository_key', 'client_id'] as const;

@Injectable()
export class ProjectsService extends ResourceService(Project) {
  /** The projects of a git remote, in whichever of its forms. */
  async byRepository({ url, ...query }: RawQuery): Promise<Page<View<Project>>> {
    const key = typeof url === 'string' ? repositoryKey(url) : undefined;
    if (!key) throw ValidationError.of('url', 'must be one git remote', 'repository');
    return this.list(query, { sql: 'projects.repository_key = ?', values: [key] });
  }

  /** What all forms of a git remote have in common; undefined for what is none. */
  repositoryKeyOf(remote: string): string | undefined {
    return repositoryKey(remote);
  }

  protected override async fill(row: Project, before: Project | undefined, body: Body): Promise<void> {
    if (row.repository_url !== before?.repository_url && holdsSecret(row.repository_url ?? ''))
      throw ValidationError.of(
        'repository_url',
        'must be a git remote without a password or token in it',
        'secret',
      );
    row.slug ||= await this.free(slugOf(row.name), row.client_id);
    row.repository_key = keyOf(row.repository_url);
    this.sayWhoKnows(row, before, body);
  }

  /**
   * Who says by what a project is known, and for which client; who sees every client confirms a remote by giving it
   * again.
   */
  private sayWhoKnows(row: Project, before: Project | undefined, body: Body): void {
    const actor = currentActor();
    const seesAll = actor.client_access === 'all';
    const isNamedAnew = row.repository_key === null && row.name !== before?.name;
    const isAnew = isNamedAnew || WHO.some(name => row[name] !== before?.[name]);
    if (isAnew)
      Object.assign(row, { known_by: actor.kind === 'user' ? actor.id : null, known_to_all: seesAll });
    else if (seesAll && body.repository_url !== undefined) row.known_to_all = true;
  }

  /** Who said by what it is known stays behind: who sees every client confirms a remote by giving it again. */
  protected override completeAdopted(row: Project): void {
    row.repository_key = keyOf(row.repository_url);
  }

  /** That a number is behind it tells of projects that the actor sees alone. */
  private async free(slug: string, client_id: string | null): Promise<string> {
    const { sql: seen, values: known } = allOf(this.restrictions());
    // From "slug-" to before "slug.", the next character: a range of the index on both databases.
    const own = client_id === null ? 'client_id IS NULL' : 'client_id = ?';
    const text = `SELECT slug FROM projects WHERE (slug = ? OR (slug > ? AND slug < ?)) AND ${own} AND ${seen}`;
    const values = [slug, `${slug}-`, `${slug}.`, ...(client_id === null ? [] : [client_id]), ...known];
    const taken = await this.kit.units.sql.select<{ slug: string }>(text, values);
    return freeSlug(slug, new Set(taken.map(one => one.slug)));
  }
}

function keyOf(url: string | null): string | null {
  return (url && repositoryKey(url)) || null;
}

/** A password before the host, parameters, which tokens stand in, and what looks like a secret. */
function holdsSecret(url: string): boolean {
  const user = url.slice(0, url.lastIndexOf('@') + 1).replace(/^[a-z][\w+.-]*:\/\//i, '');
  return /[?#\\]/.test(url) || user.includes(':') || redact(url) !== url;
}
