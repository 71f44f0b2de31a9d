import { Injectable } from '@nestjs/common';
import { accessToken, newTokenSecret } from '../../../formats/access-token.js';
import { type Actor, administersAll } from '../../context/actor.js';
import { AuthorizationError, ValidationError } from '../../context/errors.js';
import { currentActor, currentContext, newRequestId, runInContext } from '../../context/request-context.js';
import { lockRow } from '../../database/locks.js';
import { encodeMoment, now } from '../../database/values.js';
import { notReplayed } from '../../requests/not-replayed.js';
import { refusingReference } from '../../resource/references.js';
import type { AnyResourceService } from '../../resource/resource-registry.js';
import { type Body, ResourceService, type View } from '../../resource/resource.service.js';
import { Withdrawals } from '../../resource/withdrawals.js';
import type { Clause } from '../../table/clause.js';
import { StepUp } from '../factors/step-up.js';
import { userActor } from '../user-actor.js';
import { User } from '../user.entity.js';
import { AccessToken } from './access-token.entity.js';

/** Tokens of a user that are neither over nor revoked: disabling the user ends all of them in one unit. */
const MOST = 200;

/** Access tokens: made by who is logged in, seen by their user and by administrators who see every client, ended rather than deleted. */
@Injectable()
export class AccessTokensService extends ResourceService(AccessToken) {
  constructor(
    private readonly stepUp: StepUp,
    private readonly withdrawals: Withdrawals,
  ) {
    super();
  }

  /** The answer holds the token. The command line names the user: `user_id`. */
  override async create(body: Body): Promise<View<AccessToken>> {
    const secret = newTokenSecret();
    const view = await super.create({ ...body, secret });
    return notReplayed({ ...view, token: accessToken(view.id, secret).text }, 'token');
  }

  /** Revokes; what is revoked stays so. */
  override async remove(id: string, ifMatch?: string): Promise<void> {
    await this.kit.units.run(async () => {
      const row = await this.find(id, true);
      this.requireWriter(row);
      this.checkVersion(row, ifMatch);
      if (row.revoked_at !== null) return;
      await this.revoke(row, 'by hand');
      await this.withdrawals.tell({ of: 'token', id, name: `the access token ${row.name}` });
    });
  }

  /** Those of a user that still work, or those of them that carry a scope which is not among these. */
  async revokeOf(user_id: string, reason: string, scopes: readonly string[] = []): Promise<void> {
    for (const row of await this.living(user_id))
      if (!row.scopes.every(one => scopes.includes(one)) || scopes.length === 0)
        await this.revoke(row, reason);
  }

  /** The user is gone: what still works is revoked, and every row stays. */
  override async clearReference(field: string, ids: string[]): Promise<void> {
    const rows = await this.kit.rows.find(AccessToken, { id: ids, revoked_at: null });
    for (const row of rows)
      await this.change(row, { user_id: null, revoked_at: now() }, 'update', { reason: 'user deleted' });
    const ended = new Set(rows.map(one => one.id));
    await super.clearReference(
      field,
      ids.filter(id => !ended.has(id)),
    );
  }

  protected override requireWriter(before?: AccessToken): void {
    const { token } = currentActor();
    if (token && token.id !== before?.id)
      throw new AuthorizationError(
        'An access token makes no others, and revokes itself alone: log in for that',
        {
          resource_type: this.spec.label,
          resource_id: before?.id ?? null,
        },
      );
  }

  /** It may outlive the login for a year: whoever has a second factor is asked for it. */
  protected override async prepare(body: Body): Promise<Body> {
    await this.stepUp.requireCode('Creating access tokens', {
      resource_type: this.spec.label,
      resource_id: null,
    });
    return body;
  }

  protected override fill(row: AccessToken, _before: AccessToken | undefined, body: Body): void {
    const { kind, id } = currentActor();
    if (kind === 'user') row.user_id = id;
    row.secret_hash = accessToken(row.id, String(body.secret)).hash;
  }

  protected override async check(row: AccessToken): Promise<void> {
    const user_id = row.user_id ?? '';
    await lockRow(this.kit.units.sql, 'users', user_id);
    const creator = currentActor().kind === 'user' ? currentActor() : await this.actorOf(user_id);
    const beyond = row.scopes.find(scope => !creator.scopes.has(scope));
    if (beyond)
      throw new AuthorizationError(`A token has no scope that its user lacks: ${beyond}`, {
        field: 'scopes',
        scope: beyond,
      });
    this.requireFuture(row);
    const context = {
      request_id: newRequestId(),
      ip: null,
      user_agent: null,
      ...currentContext(),
      actor: creator,
    };
    await runInContext(context, async () => {
      const { registry } = this.kit;
      await this.requireVisible(registry.ofClients(), 'client_ids', row.client_ids);
      await this.requireVisible(registry.ofSecrets(), 'credential_ids', row.credential_ids);
    });
    if ((await this.living(user_id)).length >= MOST)
      throw this.conflict(`A user has at most ${MOST} access tokens that work; revoke some`, row);
  }

  protected override restrictions(): Clause[] {
    const actor = currentActor();
    return administersAll(actor) ? [] : [{ sql: 'access_tokens.user_id = ?', values: [actor.id] }];
  }

  protected override async completeViews(rows: View<AccessToken>[]): Promise<View<AccessToken>[]> {
    const shown = await super.completeViews(rows);
    const ids = shown.flatMap(one => (one.max_uses === null ? [] : [one.id]));
    const found = await this.kit.rows.find(AccessToken, { id: ids });
    const uses = new Map(found.map(one => [one.id, one.uses]));
    return shown.map(one => ({
      ...one,
      uses_left: one.max_uses === null ? null : Math.max(0, one.max_uses - (uses.get(one.id) ?? 0)),
    }));
  }

  private revoke(row: AccessToken, reason: string): Promise<AccessToken> {
    return this.change(row, { revoked_at: now() }, 'revoke', { reason });
  }

  private async living(user_id: string): Promise<AccessToken[]> {
    const { sql, values } = {
      sql: 'user_id = ? AND revoked_at IS NULL AND expires_at > ?',
      values: [user_id, encodeMoment(now())],
    };
    const columns = this.spec.fields.map(one => one.name).join(', ');
    const rows = await this.kit.units.sql.select(
      `SELECT ${columns} FROM access_tokens WHERE ${sql} ORDER BY id`,
      values,
    );
    return this.kit.rows.decode<AccessToken>(this.spec, rows);
  }

  /** The user as an actor, for what the command line does in the user's place. */
  private async actorOf(id: string): Promise<Actor> {
    const user = await this.kit.rows.findOne(User, { id });
    if (!user?.is_active) throw ValidationError.of('user_id', 'must be a user who may log in', 'reference');
    return userActor(user);
  }

  private requireFuture({ expires_at }: AccessToken): void {
    const [at, year] = [Date.parse(expires_at), new Date()];
    year.setUTCFullYear(year.getUTCFullYear() + 1);
    if (at <= Date.now()) throw ValidationError.of('expires_at', 'must lie in the future', 'future');
    if (at > year.getTime()) throw ValidationError.of('expires_at', 'must be within a year', 'max');
  }

  private async requireVisible(service: AnyResourceService, field: string, ids: string[]): Promise<void> {
    for (const [at, id] of ids.entries()) {
      if (await service.reference(id)) continue;
      const error = ValidationError.of(`${field}.${at}`, 'refers to nothing that exists', 'reference');
      throw service.spec.guarded ? refusingReference(error, 'access_token.create', service.spec, id) : error;
    }
  }
}
