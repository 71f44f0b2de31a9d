import { Injectable } from '@nestjs/common';
import { type Actor, isAdmin, namesCredential } from '../../core/context/actor.js';
import {
  asksForApproval,
  type Demand,
  stricterOf,
  withoutApproval,
} from '../../core/access/reveal-policy.js';
import { sealedFromColumn } from '../../core/crypto/sealed-text.js';
import { placeholders, type Row } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { currentActor } from '../../core/context/request-context.js';
import { decodeMoment, encodeMoment, now } from '../../core/database/values.js';
import { resourceOf } from '../../core/resource/resource.js';
import { clientRestriction } from '../../core/resource/restriction.js';
import { tagNames } from '../../core/resource/tags/tagging.js';
import { Rows } from '../../core/table/rows.js';
import { LEVELS } from '../permissions/credential-permission.entity.js';
import { type BrokenGlass, type Granted, isPrivate, type Right, rightOf } from './credential-right.js';
import type { SealedSecret } from './secrets/credential-secrets.service.js';
import { Credential } from './credential.entity.js';

/** A credential that the actor may see, with what it takes to open it. */
export interface ReadCredential {
  credential: Credential;
  right: Right;
  /** The stricter of its own and its client's, without the approval that a broken glass passes. */
  policy: Demand;
  /** By break-glass the actor may reveal it, or passes its approval, for some minutes. */
  isBroken: boolean;
  /** Its client was off-boarded: nothing of it opens any more. */
  isClosed: boolean;
  /** The present secrets. */
  sealed: SealedSecret[];
  /** Where they were asked for. */
  tags: string[];
}

const ENDLESS = '9999-12-31 23:59:59.999';
/** `2` and the end: of several grants the highest level wins, and of these the latest end. */
const GRANT = (column: 'credential_id' | 'client_id') =>
  "(SELECT MAX(CONCAT(CASE p.level WHEN 'manage' THEN '2' WHEN 'reveal' THEN '1' ELSE '0' END, " +
  `CASE WHEN p.expires_at IS NULL THEN '${ENDLESS}' ELSE p.expires_at END)) FROM credential_permissions p ` +
  `WHERE p.user_id = ? AND p.${column} = credentials.${column === 'client_id' ? column : 'id'} ` +
  'AND (p.expires_at IS NULL OR p.expires_at > ?))';

const GRANTS = `${GRANT('credential_id')} AS own_grant, ${GRANT('client_id')} AS client_grant, `;

/** Reads credentials with the actor's rights and the sealed secrets in one statement. */
@Injectable()
export class CredentialReader {
  private readonly spec = resourceOf(Credential);
  private readonly columns = this.spec.fields.map(one => `credentials.${one.name}`).join(', ');

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
  ) {}

  /**
   * Those of the ids that the actor may see, by id.
   *
   * @param tags an expression for the names of the tags of a row
   */
  async read(ids: string[], tags = 'NULL'): Promise<Map<string, ReadCredential>> {
    const actor = currentActor();
    const allowed = clientRestriction(this.spec, actor);
    const time = encodeMoment(now());
    // What an administrator manages anyway needs no grant; the private ones of others have a query of their own.
    const granted = isAdmin(actor) ? [] : [actor.id, time, actor.id, time];
    const rows = await this.units.sql.select(
      `SELECT ${this.columns}, ${granted.length > 0 ? GRANTS : ''}` +
        `${tags} AS tags, clients.reveal_policy AS client_policy, clients.offboarded_at, s.field AS s_field, s.version AS s_version, s.sealed AS s_sealed ` +
        'FROM credentials LEFT JOIN clients ON clients.id = credentials.client_id ' +
        'LEFT JOIN credential_secrets s ON s.credential_id = credentials.id AND s.version = (SELECT MAX(x.version) ' +
        'FROM credential_secrets x WHERE x.credential_id = s.credential_id AND x.field = s.field) ' +
        `WHERE credentials.id IN (${placeholders(ids.length)})${allowed ? ` AND ${allowed.sql}` : ''}`,
      [...granted, ...ids, ...(allowed?.values ?? [])],
    );
    const found = this.gather(rows, actor);
    return isAdmin(actor) ? this.withOpened(found, actor) : found;
  }

  private gather(rows: Row[], actor: Actor): Map<string, ReadCredential> {
    const found = new Map<string, ReadCredential>();
    for (const row of rows) {
      const {
        own_grant,
        client_grant,
        tags,
        client_policy,
        offboarded_at,
        s_field,
        s_version,
        s_sealed,
        ...columns
      } = row;
      const id = columns.id as string;
      let one = found.get(id);
      if (!one) {
        const [credential] = this.rows.decode<Credential>(this.spec, [columns]) as [Credential];
        const right = byToken(actor, id, rightOf(actor, credential, grantOf(own_grant, client_grant)));
        if (!right) continue;
        const policy = stricterOf(credential.reveal_policy, client_policy as Demand | null);
        const isClosed = typeof offboarded_at === 'string';
        found.set(
          id,
          (one = { credential, right, policy, isBroken: false, isClosed, sealed: [], tags: tagNames(tags) }),
        );
      }
      if (typeof s_sealed === 'string')
        one.sealed.push({
          field: String(s_field),
          version: Number(s_version),
          sealed: sealedFromColumn(s_sealed),
        });
    }
    return found;
  }

  /** Of the private ones of others, those that an administrator may open, by a grant or by breaking the glass. */
  private async withOpened(
    found: Map<string, ReadCredential>,
    actor: Actor,
  ): Promise<Map<string, ReadCredential>> {
    const closed = [...found.values()].filter(
      ({ credential, right }) => isPrivate(credential) && right.level !== 'manage',
    );
    if (closed.length > 0) await this.withGrants(found, closed, actor);
    const guarded = [...found.values()].filter(one => closed.includes(one) || asksForApproval(one.policy));
    return guarded.length > 0 ? this.withBrokenGlass(found, guarded, actor) : found;
  }

  private async withGrants(
    found: Map<string, ReadCredential>,
    closed: ReadCredential[],
    actor: Actor,
  ): Promise<void> {
    const time = encodeMoment(now());
    const rows = await this.units.sql.select<{ id: string; own_grant: string | null }>(
      `SELECT credentials.id, ${GRANT('credential_id')} AS own_grant FROM credentials ` +
        `WHERE credentials.id IN (${placeholders(closed.length)})`,
      [actor.id, time, ...closed.map(one => one.credential.id)],
    );
    for (const { id, own_grant } of rows) {
      const one = found.get(id) as ReadCredential;
      one.right = byToken(actor, id, rightOf(actor, one.credential, grantOf(own_grant))) ?? one.right;
    }
  }

  /** Those to which the administrator has opened a right, or a way around the second person, while they had this owner. */
  private async withBrokenGlass(
    found: Map<string, ReadCredential>,
    guarded: ReadCredential[],
    actor: Actor,
  ): Promise<Map<string, ReadCredential>> {
    if (actor.token) return found;
    const rows = await this.units.sql.select<{
      credential_id: string;
      until: string;
      is_active: number | null;
    }>(
      'SELECT b.credential_id, MAX(b.expires_at) AS until, MAX(u.is_active) AS is_active FROM break_glass_rights b ' +
        'JOIN credentials c ON c.id = b.credential_id LEFT JOIN users u ON u.id = c.owner_id ' +
        "WHERE b.user_id = ? AND b.expires_at > ? AND COALESCE(b.owner_id, '') = COALESCE(c.owner_id, '') " +
        `AND b.credential_id IN (${placeholders(guarded.length)}) GROUP BY b.credential_id`,
      [actor.id, encodeMoment(now()), ...guarded.map(one => one.credential.id)],
    );
    for (const { credential_id, until, is_active } of rows) {
      const one = found.get(credential_id) as ReadCredential;
      one.isBroken = true;
      one.policy = withoutApproval(one.policy);
      const broken: BrokenGlass = { until: decodeMoment(until), abandoned: is_active !== 1 };
      if (one.right.level === 'manage') continue;
      one.right =
        rightOf(actor, one.credential, one.right.basis === 'grant' ? one.right : undefined, broken) ??
        one.right;
    }
    return found;
  }
}

/** By an access token that does not name the credential, its metadata are seen at most. */
function byToken(actor: Actor, id: string, right: Right | undefined): Right | undefined {
  return right && !namesCredential(actor, id) ? { ...right, level: 'view' } : right;
}

function grantOf(...found: unknown[]): Granted | undefined {
  const best = found
    .filter(one => typeof one === 'string')
    .sort()
    .at(-1);
  if (best === undefined) return undefined;
  const [level, end] = [LEVELS[Number(best.charAt(0))], best.slice(1)];
  return level && { level, until: end === ENDLESS ? null : decodeMoment(end) };
}
