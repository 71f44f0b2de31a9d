import { Injectable } from '@nestjs/common';
import { reaches, requireReach } from '../../../core/context/actor.js';
import { NotFoundError } from '../../../core/context/errors.js';
import { currentActor } from '../../../core/context/request-context.js';
import { placeholders } from '../../../core/database/sql.js';
import { nameOfRow } from '../../../core/resource/names.js';
import type { AnyResourceService } from '../../../core/resource/resource-registry.js';
import { resourceOf } from '../../../core/resource/resource.js';
import { AbstractResourceService } from '../../../core/resource/resource.service.js';
import { retryIfTaken } from '../../../core/resource/retry.js';
import { requireRoom } from '../../../core/resource/structure/siblings.js';
import { allOf } from '../../../core/table/clause.js';
import { CredentialsService } from '../credentials.service.js';
import type { LinkedAsset } from './credential-links.answers.js';
import { CredentialLink, LINKS } from './credential-link.entity.js';
import { LINK_TARGETS, type LinkTarget, linkTarget } from './link-targets.js';

/** Of one credential. */
const MOST_LINKS = 1_000;

const VERBS: Record<string, string> = { create: 'link', delete: 'unlink' };

/**
 * Further assets that a credential is for. Its rights are those of the credential: who manages it links, who sees it
 * sees the links with what they see.
 */
@Injectable()
export class CredentialLinksService extends AbstractResourceService<CredentialLink> {
  constructor(private readonly credentials: CredentialsService) {
    super(LINKS);
  }

  /** Twice is once. 404 for a row that the actor does not see, 422 for one of another client. */
  link(credential_id: string, resource: string, id: string): Promise<void> {
    return this.kit.units.run(async () => {
      const { column } = await this.managed(credential_id, resource, id);
      if (await this.kit.rows.findOne(CredentialLink, { credential_id, [column]: id })) return;
      await requireRoom(
        this.kit,
        LINKS,
        'credential_id',
        { credential_id },
        MOST_LINKS,
        `A credential has at most ${MOST_LINKS} links`,
      );
      await this.create({ credential_id, [column]: id }).catch(retryIfTaken([column]));
    });
  }

  /** Nothing changes where there is no link. */
  unlink(credential_id: string, resource: string, id: string): Promise<void> {
    return this.kit.units.run(async () => {
      const { column } = await this.managed(credential_id, resource, id);
      const link = await this.kit.rows.findOne(CredentialLink, { credential_id, [column]: id });
      if (link) await this.removeAll([link.id]);
    });
  }

  /** Its links with what the actor sees, in the order in which they were made. */
  async of(credential_id: string): Promise<LinkedAsset[]> {
    await this.credentials.find(credential_id);
    const links = await this.kit.rows.find(CredentialLink, { credential_id }, { order: 'id' });
    const names = new Map<string, string>();
    for (const target of LINK_TARGETS.filter(one => reaches(currentActor(), one.path)))
      for (const { id, name } of await this.seen(target, links)) names.set(id, name);
    return links.flatMap(link => {
      const target = targetOf(link);
      const id = link[target.column] as string;
      const name = names.get(id);
      if (name === undefined) return [];
      return [{ resource: target.path, resource_id: id, name, created_at: link.created_at }];
    });
  }

  /** On the trail of the credential. */
  protected override tell(verb: string, row: CredentialLink): void {
    const { path, column } = targetOf(row);
    const { credential_id: id, client_id } = row;
    this.kit.audit.record({
      action: `credential.${VERBS[verb] ?? 'move_link'}`,
      resource_type: 'credential',
      resource_id: id,
      client_id,
      details: { resource: path, resource_id: row[column] },
    });
    const actor_id = currentActor().id;
    this.kit.events.announce('resource.updated', { resource: 'credential', id, client_id, actor_id });
  }

  /** The asset, for who manages the credential; nobody else changes that until the unit ends. */
  private async managed(credential_id: string, resource: string, id: string): Promise<LinkTarget> {
    const credential = await this.credentials.find(credential_id, true);
    await this.credentials.requireManage(credential);
    const target = linkTarget(resource);
    if (!target)
      throw new NotFoundError(
        `Credentials are linked with ${LINK_TARGETS.map(one => one.path).join(', ')} alone`,
        { field: 'resource' },
      );
    requireReach(currentActor(), target.path);
    const service = this.serviceOf(target);
    if (!(await service.reference(id))) throw service.missing(id);
    return target;
  }

  private serviceOf(target: LinkTarget): AnyResourceService {
    const service = this.kit.registry.of(target.type());
    if (!service) throw new Error(`${target.table} have no service`);
    return service;
  }

  private async seen(target: LinkTarget, links: CredentialLink[]): Promise<{ id: string; name: string }[]> {
    const { table, column } = target;
    const ids = links.flatMap(one => one[column] ?? []);
    if (ids.length === 0) return [];
    const { sql, values } = allOf(this.serviceOf(target).visible());
    const text =
      `SELECT ${table}.id, ${nameOfRow(resourceOf(target.type()))} AS name FROM ${table} ` +
      `WHERE ${table}.id IN (${placeholders(ids.length)}) AND ${sql}`;
    return this.kit.units.sql.select(text, [...ids, ...values]);
  }
}

function targetOf(link: CredentialLink): LinkTarget {
  const target = LINK_TARGETS.find(({ column }) => link[column] !== null);
  if (!target) throw new Error(`The link ${link.id} is with nothing`);
  return target;
}
