import { Injectable } from '@nestjs/common';
import { isAdmin, mayOpen } from '../../core/context/actor.js';
import { AuthorizationError, ConflictError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { Plaintext } from '../../core/crypto/plaintext.js';
import { encodeMoment, now } from '../../core/database/values.js';
import { textsIn } from '../../core/redaction/known-secrets.js';
import { notReplayed } from '../../core/requests/not-replayed.js';
import { Asked, Body, ResourceService, View } from '../../core/resource/resource.service.js';
import type { Clause } from '../../core/table/clause.js';
import { ClientsService } from '../../directory/clients/clients.service.js';
import { CredentialReader } from './credential-reader.js';
import type { Right } from './credential-right.js';
import { CredentialRights } from './credential-rights.service.js';
import { CredentialSecretsService } from './secrets/credential-secrets.service.js';
import { Credential } from './credential.entity.js';
import { Duplicates } from './duplicates.service.js';
import { disclose } from './reveal/opened-secrets.js';
import { credentialFact, Opening } from './reveal/opening.service.js';
import { LINK_TARGETS, linkedWith } from './links/link-targets.js';
import { PolicyChanges } from './policy-changes.service.js';
import { rotationReason } from './rotation.js';
import { maskedTexts, openTextsOf } from './secrets/open-texts.js';
import { requireFitting } from './secrets/secret-checks.js';
import { VaultSecrets } from './secrets/vault-secrets.service.js';
import { secretsOf, WrittenSecrets } from './secrets/written-secrets.js';

/** What says under whose key a credential's secrets are. */
const MOVES = ['client_id', 'visibility', 'owner_id'] as const;

/** Credentials: metadata for everybody who may see them, secrets sealed, and every read of one on the record. */
@Injectable()
export class CredentialsService extends ResourceService(Credential) {
  private readonly removals: ((credential: Credential) => Promise<void>)[] = [];
  private readonly moves: ((credential: Credential) => Promise<void>)[] = [];

  constructor(
    private readonly secrets: CredentialSecretsService,
    private readonly reader: CredentialReader,
    private readonly rights: CredentialRights,
    private readonly opening: Opening,
    private readonly policies: PolicyChanges,
    private readonly written: WrittenSecrets,
    private readonly duplicates: Duplicates,
    private readonly known: VaultSecrets,
    private readonly clients: ClientsService,
  ) {
    super();
  }

  /** The metadata and, with reveal rights and unless `?reveal=false`, the opened secrets: one SELECT, one entry. */
  override async get(id: string, asked?: Asked): Promise<View<Credential>> {
    const found = (await this.reader.read([id], this.kit.tagging.column(this.spec))).get(id);
    if (!found) throw this.missing(id);
    const { credential, right, isClosed, sealed, tags } = found;
    const opens =
      asked !== undefined &&
      asked.query.reveal !== 'false' &&
      right.level !== 'view' &&
      !isClosed &&
      mayOpen(currentActor(), id) &&
      sealed.length > 0;
    if (!opens) {
      await this.kit.audit.recordRead(credentialFact(credential, 'credential.view'));
      return this.viewOf(credential, tags);
    }
    const instead = 'with ?reveal=false the answer holds the metadata alone';
    const opened = await this.opening.open(found, { action: 'credential.decrypt', instead });
    return { ...(await this.viewOf(credential, tags)), ...disclose(opened) };
  }

  override create(body: Body): Promise<View<Credential>> {
    return this.kit.units.run(async () => this.withDuplicates(await super.create(body), body));
  }

  /** Many at once are told of no duplicates: one request would compare a thousand guesses. */
  protected override createItem(body: Body): Promise<View<Credential>> {
    return super.create(body);
  }

  override async update(id: string, body: Body, ifMatch?: string): Promise<View<Credential>> {
    await this.policies.pass(id, body as Partial<Credential>);
    return this.kit.units.run(async () => this.withDuplicates(await super.update(id, body, ifMatch), body));
  }

  private async withDuplicates(view: View<Credential>, body: Body): Promise<View<Credential>> {
    const duplicates = await this.duplicates.find(view, secretsOf(body), this.visible());
    if (!duplicates) return view;
    const answer = { ...view, duplicates };
    return duplicates.length > 0 ? notReplayed(answer, 'duplicates') : answer;
  }

  /** Deleting is a change like any other: of another one's private credential nobody has the right to it. */
  protected override async requireWriter(before?: Credential): Promise<void> {
    await super.requireWriter(before);
    if (before) await this.requireManage(before);
  }

  /** What is set already is masked in new texts as the vault masks it anywhere; what is new, when it is written. */
  protected override async prepare(given: Body, id?: string): Promise<Body> {
    const mask = id === undefined ? undefined : await this.known.maskFor(textsIn(openTextsOf(given)), id);
    const body = mask ? { ...given, ...maskedTexts(given, mask) } : given;
    if (typeof body.password !== 'string') return body;
    const before = id === undefined ? undefined : await this.kit.units.outside(() => this.find(id));
    await this.written.judge(body, Plaintext.of(body.password), { ...before, ...body });
    return body;
  }

  protected override async fill(row: Credential, before: Credential | undefined, body: Body): Promise<void> {
    await this.written.apply(row, secretsOf(body, before), body);
  }

  protected override async check(row: Credential, before?: Credential): Promise<void> {
    for (const id of new Set([row.client_id, before?.client_id])) if (id) await this.clients.requireKeys(id);
    if (before) {
      await this.requireManage(before, row);
      await this.policies.check(before, row);
      return requireFitting(row, before);
    }
    if (row.owner_id !== currentActor().id && currentActor().kind === 'user' && !isAdmin(currentActor()))
      throw new AuthorizationError('Only an administrator creates credentials for others', {
        scope: 'msp:admin',
      });
    if (!row.client_id && row.visibility === 'private' && !row.owner_id)
      throw new ConflictError('A private credential without a client needs an owner', { field: 'owner_id' });
    requireFitting(row);
  }

  protected override async after(row: Credential, before: Credential | undefined, body: Body): Promise<void> {
    const moved = before && MOVES.some(name => before[name] !== row[name]);
    if (moved) await this.secrets.reseal(row, before);
    if (moved) for (const follow of this.moves) await follow(row);
    const secrets = secretsOf(body, before);
    if (Object.keys(secrets).length > 0) await this.secrets.write(row, secrets);
  }

  /** Its secrets come by themselves, or not at all. */
  protected override completeAdopted(row: Credential): void {
    Object.assign(row, { secret_fields: [], secret_version: 0 });
  }

  /** What follows when a credential has another client, visibility or owner, in the same unit. */
  afterMoves(follow: (credential: Credential) => Promise<void>): void {
    this.moves.push(follow);
  }

  /** What else has a say when a credential is deleted, in the same unit; it refuses by an error. */
  beforeRemoval(ask: (credential: Credential) => Promise<void>): void {
    this.removals.push(ask);
  }

  protected override async beforeRemove(row: Credential): Promise<void> {
    for (const ask of this.removals) await ask(row);
  }

  requireManage(credential: Credential, changes: Partial<Credential> = {}): Promise<Right> {
    return this.rights.requireManage(credential, changes);
  }

  /** A user who goes leaves no private credential behind that nobody could open any more. */
  override async clearReference(field: string, ids: string[]): Promise<void> {
    if (field === 'owner_id') {
      const rows = await this.kit.rows.find(Credential, { id: ids });
      if (rows.some(one => one.client_id === null && one.visibility === 'private'))
        throw new ConflictError('The user owns private credentials; move them first', {
          resource_type: 'User',
          referenced_by: ['credentials'],
        });
    }
    await super.clearReference(field, ids);
  }

  protected override restrictions(): Clause[] {
    const actor = currentActor();
    if (isAdmin(actor)) return super.restrictions();
    const time = encodeMoment(now());
    const valid = 'p.user_id = ? AND (p.expires_at IS NULL OR p.expires_at > ?)';
    return [
      ...super.restrictions(),
      {
        sql:
          'credentials.id IN (SELECT o.id FROM credentials o WHERE o.owner_id = ? ' +
          `UNION SELECT p.credential_id FROM credential_permissions p WHERE p.credential_id IS NOT NULL AND ${valid} ` +
          `UNION SELECT c.id FROM credential_permissions p JOIN credentials c ON c.client_id = p.client_id WHERE ${valid})`,
        values: [actor.id, actor.id, time, actor.id, time],
      },
    ];
  }

  protected override async completeViews(rows: Credential[]): Promise<View<Credential>[]> {
    const at = Date.now();
    const shown = await super.completeViews(rows);
    for (const row of shown) {
      row.needs_rotation_reason = rotationReason(row, at);
      row.needs_rotation = row.needs_rotation_reason !== null;
    }
    return shown;
  }

  /** Links count as the fields do. */
  protected override belonging(field: string, id: string): Clause {
    const target = LINK_TARGETS.find(one => one.isField && one.column === field);
    return target ? linkedWith(target, id) : super.belonging(field, id);
  }

  protected override auditDetails({
    service_name,
    credential_type,
    secret_fields,
  }: Credential): Record<string, unknown> {
    return { service_name, credential_type, secret_fields };
  }
}
