import { Injectable } from '@nestjs/common';
import { type Actor, administersAll } from '../../core/context/actor.js';
import { currentActor } from '../../core/context/request-context.js';
import { Audit } from '../../core/audit/audit.service.js';
import type { Plaintext } from '../../core/crypto/plaintext.js';
import { placeholders } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { CredentialReader } from './credential-reader.js';
import { CredentialSecretsService, type Secrets } from './secrets/credential-secrets.service.js';
import type { Credential } from './credential.entity.js';
import { revealable } from './revealable.js';
import { credentialFact } from './reveal/opening.service.js';

const MOST_TOLD = 20;
const MOST_COMPARED = 1000;
const PRESENT =
  's.version = (SELECT MAX(x.version) FROM credential_secrets x WHERE x.credential_id = s.credential_id AND x.field = s.field)';

type Written = Pick<Credential, 'id' | 'service_name'>;

/**
 * Other credentials for the same service with the same secret. A hint is worth a reveal: it is given only about
 * credentials that the caller could reveal just so, and stands in their trail. Which these are is settled before any
 * secret is compared, so that neither what is told of them nor how much of it depends on another one's secret.
 */
@Injectable()
export class Duplicates {
  constructor(
    private readonly units: Units,
    private readonly audit: Audit,
    private readonly reader: CredentialReader,
    private readonly secrets: CredentialSecretsService,
  ) {}

  /**
   * Ids of at most 20; undefined when nothing was written that could be compared, and for who may not read. Joins the unit of the write.
   *
   * @param visible which credentials the caller may see
   */
  async find(row: Written, written: Secrets, visible: Clause[]): Promise<string[] | undefined> {
    const actor = currentActor();
    if (!actor.scopes.has('msp:read')) return undefined;
    const fingerprints = new Set<string>();
    for (const [field, secret] of Object.entries(written))
      if (secret) for (const one of await this.fingerprintsOf(actor, field, secret)) fingerprints.add(one);
    if (fingerprints.size === 0) return undefined;
    const open = allOf([...visible, revealable(actor)]);
    const all = administersAll(actor);
    if (all && !(await this.isServiceShared(row))) return [];
    const ids = await (all ? this.equal(row, fingerprints, open) : this.compare(row, fingerprints, open));
    if (ids.length === 0) return [];
    const found = [...(await this.reader.read(ids)).values()].map(one => one.credential);
    this.audit.record(
      ...found.map(one => credentialFact(one, 'credential.view', { same_secret_as: row.id })),
    );
    return found.map(one => one.id).sort();
  }

  /** As a shared credential has it, and as a private one of the caller has it. */
  private async fingerprintsOf({ id, kind }: Actor, field: string, secret: Plaintext): Promise<string[]> {
    const shared = { client_id: null, visibility: 'pool', owner_id: null } as const;
    const owned = { client_id: null, visibility: 'private', owner_id: id } as const;
    const places = kind === 'user' ? [shared, owned] : [shared];
    const made = await Promise.all(places.map(one => this.secrets.fingerprint(one, field, secret)));
    return made.filter(one => one !== null);
  }

  /** Whether other credentials are for the same service, which whoever sees all of them may learn from the time. */
  private async isServiceShared({ id, service_name }: Written): Promise<boolean> {
    const text = 'SELECT id FROM credentials WHERE service_name = ? AND id <> ? LIMIT 1';
    return (await this.units.sql.select(text, [service_name, id])).length > 0;
  }

  /**
   * Found by the index: for who may reveal nearly all there is, and would compare too many. Sorted here: MariaDB would
   * walk through all credentials for an ORDER BY.
   */
  private async equal(
    { id, service_name }: Written,
    fingerprints: ReadonlySet<string>,
    open: Clause,
  ): Promise<string[]> {
    const rows = await this.units.sql.select<{ id: string }>(
      'SELECT DISTINCT credentials.id FROM credential_secrets s JOIN credentials ON credentials.id = s.credential_id ' +
        `WHERE s.fingerprint IN (${placeholders(fingerprints.size)}) AND credentials.service_name = ? ` +
        `AND credentials.id <> ? AND ${PRESENT} AND ${open.sql} LIMIT ${MOST_COMPARED}`,
      [...fingerprints, service_name, id, ...open.values],
    );
    return rows.map(one => one.id).sort().slice(-MOST_TOLD); // prettier-ignore
  }

  /** Reads what the caller may reveal, whatever the secret, and compares here. */
  private async compare(
    { id, service_name }: Written,
    fingerprints: ReadonlySet<string>,
    open: Clause,
  ): Promise<string[]> {
    const rows = await this.units.sql.select<{ id: string; fingerprint: string }>(
      'SELECT credentials.id, s.fingerprint FROM credentials JOIN credential_secrets s ON s.credential_id = credentials.id ' +
        `WHERE credentials.service_name = ? AND credentials.id <> ? AND s.fingerprint IS NOT NULL AND ${PRESENT} ` +
        `AND ${open.sql} ORDER BY credentials.id DESC LIMIT ${MOST_COMPARED}`,
      [service_name, id, ...open.values],
    );
    const equal = rows.filter(one => fingerprints.has(one.fingerprint)).map(one => one.id);
    return [...new Set(equal)].slice(0, MOST_TOLD);
  }
}
