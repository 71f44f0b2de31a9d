import { Injectable } from '@nestjs/common';
import { Actor, isAdmin } from '../../core/context/actor.js';
import { Audit, AuditFact } from '../../core/audit/audit.service.js';
import { OpeningError } from '../../core/crypto/opening-error.js';
import { sealedFromColumn } from '../../core/crypto/sealed-text.js';
import { Sealer } from '../../core/crypto/sealer.js';
import { placeholders, Row, SqlValue } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { EventBus } from '../../core/events/events.js';
import { currentActor } from '../../core/context/request-context.js';
import { encodeMoment, now } from '../../core/table/codec.js';
import { resourceOf } from '../../core/resource/resource.js';
import { clientRestriction } from '../../core/resource/restriction.js';
import { Rows } from '../../core/table/rows.js';
import type { Level } from '../permissions/credential-permission.entity.js';
import { LEVELS } from '../permissions/credential-permission.entity.js';
import { placeOf, type SealedSecret } from './credential-secrets.service.js';
import { Credential } from './credential.entity.js';
import type { OpenedSecrets } from './opened-secrets.js';
import { NEVER_SHOWN, type SecretField } from './secret-fields.js';
// The type of the event is declared there.
import type {} from './vault-events.js';

/** A credential that the actor may see, with what it takes to open it. */
export interface ReadCredential {
  credential: Credential;
  level: Level;
  sealed: SealedSecret[];
}

const LEVEL_SQL = `CASE p.level WHEN 'manage' THEN 3 WHEN 'reveal' THEN 2 ELSE 1 END`;
const GRANT_SQL = (column: string) =>
  `(SELECT MAX(${LEVEL_SQL}) FROM credential_permissions p WHERE p.user_id = ? AND p.${column === 'id' ? 'credential_id' : 'client_id'} = credentials.${column} AND (p.expires_at IS NULL OR p.expires_at > ?))`;

/** Reads credentials with grants and sealed secrets in one statement, and opens them on the record. */
@Injectable()
export class CredentialReader {
  private readonly spec = resourceOf(Credential);
  private readonly columns = this.spec.fields.map(one => `credentials.${one.name}`).join(', ');

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly sealer: Sealer,
    private readonly audit: Audit,
    private readonly events: EventBus,
  ) {}

  /** Those of the ids that the actor may see, by id. */
  async read(ids: string[]): Promise<Map<string, ReadCredential>> {
    const actor = currentActor();
    const allowed = clientRestriction(this.spec, actor);
    const time = encodeMoment(now());
    const grants: SqlValue[] = [actor.id, time, actor.id, time];
    const rows = await this.units.sql.select(
      `SELECT ${this.columns}, ${GRANT_SQL('id')} AS own_grant, ${GRANT_SQL('client_id')} AS client_grant, ` +
        's.field AS s_field, s.version AS s_version, s.sealed AS s_sealed FROM credentials ' +
        'LEFT JOIN credential_secrets s ON s.credential_id = credentials.id AND s.version = (SELECT MAX(x.version) ' +
        'FROM credential_secrets x WHERE x.credential_id = s.credential_id AND x.field = s.field) ' +
        `WHERE credentials.id IN (${placeholders(ids.length)})${allowed ? ` AND ${allowed.sql}` : ''}`,
      [...grants, ...ids, ...(allowed?.values ?? [])],
    );
    return this.gather(rows, actor);
  }

  private gather(rows: Row[], actor: Actor): Map<string, ReadCredential> {
    const found = new Map<string, ReadCredential>();
    for (const row of rows) {
      const { own_grant, client_grant, s_field, s_version, s_sealed, ...columns } = row;
      const id = columns.id as string;
      let one = found.get(id);
      if (!one) {
        const [credential] = this.rows.decode<Credential>(this.spec, [columns]);
        const level = levelOf(
          actor,
          credential as Credential,
          Math.max(Number(own_grant ?? 0), Number(client_grant ?? 0)),
        );
        if (!level) continue;
        found.set(id, (one = { credential: credential as Credential, level, sealed: [] }));
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

  /** Opens secrets; what cannot be opened is an entry in the journal and an error, never a silent null. */
  async open(
    credential: Credential,
    sealed: ReadCredential['sealed'],
    shown = (field: string) => field !== NEVER_SHOWN,
  ): Promise<OpenedSecrets> {
    const secrets: OpenedSecrets = {};
    for (const one of sealed.filter(({ field }) => shown(field))) {
      try {
        secrets[one.field as SecretField] = await this.sealer.open(
          placeOf(credential.id, one.field, one.version),
          one.sealed,
        );
      } catch (error) {
        if (error instanceof OpeningError) await this.tellFailure(credential, one.field);
        throw error;
      }
    }
    return secrets;
  }

  private async tellFailure(credential: Credential, field: string): Promise<void> {
    await this.record(this.factOf(credential, 'credential.decrypt', { field }, 'failed'));
    const name = credential.name ?? credential.service_name;
    this.events.announce('vault.opening_failed', { credential_id: credential.id, name, field });
  }

  factOf(
    credential: Credential,
    action: string,
    details: Record<string, unknown> = {},
    outcome: AuditFact['outcome'] = 'ok',
  ): AuditFact {
    return {
      action,
      outcome,
      resource_type: 'credential',
      resource_id: credential.id,
      client_id: credential.client_id,
      name: credential.name ?? credential.service_name,
      details: {
        service_name: credential.service_name,
        credential_type: credential.credential_type,
        ...details,
      },
    };
  }

  /** Resolves when the entries are committed; the answer waits for it. */
  record(...facts: AuditFact[]): Promise<void> {
    return this.audit.recordRead(...facts);
  }
}

/** What the actor may do: administrators reveal client and pool secrets, and see the metadata of private ones. */
export function levelOf(actor: Actor, credential: Credential, grant: number): Level | undefined {
  if (credential.owner_id === actor.id) return 'manage';
  const granted = LEVELS[grant - 1];
  if (!isAdmin(actor) || granted === 'manage') return granted;
  if (credential.client_id || credential.visibility === 'pool') return 'manage';
  return granted ?? 'view';
}
