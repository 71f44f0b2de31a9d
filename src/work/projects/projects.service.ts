import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import type { Page } from '../../core/resource/lists/page.js';
import { ResourceService, type View } from '../../core/resource/resource.service.js';
import { allOf } from '../../core/table/clause.js';
import { Project } from './project.entity.js';
import { repositoryKey } from './repository-key.js';
import { freeSlug, slugOf } from './slug.js';

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

  protected override async fill(row: Project): Promise<void> {
    row.slug ||= await this.free(slugOf(row.name), row.client_id);
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
