import { Injectable } from '@nestjs/common';
import {
  AuthorizationError,
  ConflictError,
  type FieldFault,
  NotFoundError,
  StaleRowError,
  ValidationError,
} from '../context/errors.js';
import { isAdmin, seesClient } from '../context/actor.js';
import { currentActor } from '../context/request-context.js';
import { listOf, type ListQuery } from '../resource/lists/list-query.js';
import type { Page } from '../resource/lists/page.js';
import { lockRow } from '../database/locks.js';
import type { RawQuery } from '../resource/lists/query-parts.js';
import { type Asked, Body, ResourceService, type View } from '../resource/resource.service.js';
import type { Adopted } from '../resource/resource-adopter.js';
import { changesBetween, pick } from '../resource/row-changes.js';
import { Withdrawals, type Withdrawn } from '../resource/withdrawals.js';
import type { Clause } from '../table/clause.js';
import { AccessTokensService } from './access-tokens/access-tokens.service.js';
import { Logins } from './tokens/logins.js';
import { Passwords } from './factors/passwords.js';
import { StepUp } from './factors/step-up.js';
import { User } from './user.entity.js';

/** Users; what takes rights away (disabling, password, scopes, clients) ends every login at once. */
@Injectable()
export class UsersService extends ResourceService(User) {
  constructor(
    private readonly passwords: Passwords,
    private readonly logins: Logins,
    private readonly stepUp: StepUp,
    private readonly tokens: AccessTokensService,
    private readonly withdrawals: Withdrawals,
  ) {
    super();
  }

  protected override allowed(raw: RawQuery): RawQuery {
    return isAdmin(currentActor()) ? raw : limitedQuery(raw);
  }

  override async get(id: string, asked?: Asked): Promise<View<User>> {
    const user = await super.get(id, asked);
    return isAdmin(currentActor()) ? user : pick(user, [...FOR_ALL]);
  }

  override async page(query: ListQuery, ...more: Clause[]): Promise<Page<View<User>>> {
    const page = await super.page(query, ...more);
    return { ...page, items: page.items.map(withSeenClients) };
  }

  override async viewOf(row: User): Promise<View<User>> {
    return withSeenClients(await super.viewOf(row));
  }

  /** By the address that they log in with; 404 when there is none. */
  async byEmail(email: string): Promise<User> {
    const [user] = await this.kit.rows.find(User, { email: email.trim().toLowerCase() });
    if (!user) throw new NotFoundError(`There is no user ${email}`, { resource_type: 'User' });
    return user;
  }

  /** For whoever lost the second factor: takes it away, and ends every login. */
  async resetTotp(id: string): Promise<void> {
    await this.kit.units.run(async () => {
      const user = await this.find(id);
      await this.change(user, { totp_enrolled: false, totp_sealed: null }, 'totp_reset');
      await this.logins.end({ user_id: id }, 'second factor reset');
      await this.tokens.revokeOf(id, 'second factor reset');
    });
  }

  /** Only what changed: counters, codes and hashes that a login stores meanwhile are not put back. */
  override async write(before: User, row: User): Promise<void> {
    const changes = Object.entries(row).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof User]),
    );
    const known = { id: before.id, version: before.version };
    if ((await this.kit.rows.update(User, known, Object.fromEntries(changes))) !== 1)
      throw new StaleRowError('User was changed at the same time');
  }

  /** Who sees only some clients would give themselves the others: through their own row, or another's password. */
  protected override async requireWriter(before?: User): Promise<void> {
    await super.requireWriter(before);
    if (currentActor().token)
      throw new AuthorizationError('An access token does not manage users: log in for that');
    if (currentActor().client_access !== 'all')
      throw new AuthorizationError('Users are managed by those who see every client');
  }

  protected override async prepare(body: Body, id?: string): Promise<Body> {
    await this.requireWriter();
    await this.requireProof(body, id);
    if (typeof body.password !== 'string') return body;
    const user = id === undefined ? body : await this.kit.units.outside(() => this.find(id));
    await this.passwords.requireStrong(body.password, 'password', [String(user.email), String(user.name)]);
    return { ...body, password: undefined, password_hash: await this.passwords.hash(body.password) };
  }

  /**
   * A stolen token would else outlive itself: through another password, or through another administrator. One's own
   * password is changed with the present one; the rest asks for a code of whoever has a second factor.
   */
  private async requireProof(body: Body, id?: string): Promise<void> {
    const actor = currentActor();
    if (actor.kind !== 'user') return;
    if (id === actor.id && body.password !== undefined)
      throw new AuthorizationError(
        'Your own password is changed with the present one: POST /api/auth/change-password',
        { field: 'password', resource_type: 'User', resource_id: id },
      );
    if (id !== undefined && !POWERS.some(name => body[name] !== undefined)) return;
    await this.stepUp.requireCode('Creating users, and changing what they may do,', {
      resource_type: 'User',
      resource_id: id ?? null,
    });
  }

  protected override fill(row: User, before: User | undefined, body: Body): void {
    if (typeof body.password_hash === 'string')
      Object.assign(row, { password_hash: body.password_hash, failed_logins: 0, locked_until: null });
    else if (!before) throw ValidationError.of('password', 'is required', 'required');
  }

  protected override async check(row: User, before?: User): Promise<void> {
    // Whoever is disabled at the same time makes nobody who is not.
    const { kind, id } = currentActor();
    if (kind === 'user') await lockRow(this.kit.units.sql, 'users', id);
    if (JSON.stringify(before?.client_ids) !== JSON.stringify(row.client_ids))
      await this.checkClients(row.client_ids);
    if (before && isActiveAdmin(before) && !isActiveAdmin(row)) await this.requireAnotherAdmin(before);
  }

  protected override async after(row: User, before?: User): Promise<void> {
    if (!before) return;
    // With it an administrator could log in as this user, and reach what is private.
    if (before.password_hash !== row.password_hash) this.recordChange('password_reset', row);
    const ended = (before.is_active && !row.is_active) || before.password_hash !== row.password_hash;
    const narrowed =
      ended ||
      JSON.stringify([before.scopes, before.client_access, before.client_ids]) !==
        JSON.stringify([row.scopes, row.client_access, row.client_ids]);
    if (narrowed) await this.logins.end({ user_id: row.id }, 'changed by an administrator');
    if (ended) await this.tokens.revokeOf(row.id, row.is_active ? 'password reset' : 'user disabled');
    else if (narrowed) await this.tokens.revokeOf(row.id, 'scope lost', row.scopes);
    if (narrowed) await this.withdrawals.tell(withdrawn(row));
  }

  /** Whoever began this installation becomes the user of the same address, and keeps the password. */
  override async adopt(brought: Adopted<User>[], later?: readonly string[]): Promise<void> {
    const emails = brought.map(({ row }) => row.email);
    for (const held of await this.kit.rows.find(User, { email: emails })) {
      const found = brought.find(({ row }) => row.email === held.email);
      if (found) found.row.password_hash = held.password_hash;
      await this.kit.rows.remove(User, { id: held.id });
      this.recordChange('delete', held, { changes: changesBetween(this.spec, held, {}) });
    }
    await super.adopt(brought, later);
  }

  /** Neither a password nor a second factor comes along. */
  protected override completeAdopted(row: User): void {
    row.totp_enrolled = false;
  }

  override async removeAll(ids: string[]): Promise<void> {
    const gone = await this.kit.rows.find(User, { id: ids });
    await super.removeAll(ids);
    await this.withdrawals.tell(...gone.map(withdrawn));
  }

  protected override async beforeRemove(row: User): Promise<void> {
    if (isActiveAdmin(row)) await this.requireAnotherAdmin(row);
  }

  private async requireAnotherAdmin(user: User): Promise<void> {
    // A lock: of two administrators who remove each other at the same time, the second looks after the first.
    await this.kit.units.sql.change("UPDATE facts SET value = value WHERE name = 'install_id'");
    const others = await this.kit.rows.find(User, { is_active: true });
    if (!others.some(one => one.id !== user.id && isActiveAdmin(one)))
      throw new ConflictError('This is the last administrator', {
        resource_type: 'User',
        resource_id: user.id,
      });
  }

  private async checkClients(ids: string[]): Promise<void> {
    const clients = this.kit.registry.ofClients();
    for (const [index, id] of ids.entries())
      if (!(await clients.reference(id)))
        throw ValidationError.of(`client_ids.${index}`, 'refers to nothing that exists', 'reference');
  }
}

/** What lets somebody log in, and what they may do then. */
const POWERS: readonly (keyof User)[] = ['password', 'scopes', 'client_access', 'client_ids', 'is_active'];
/** What everybody may know of a colleague; `GET /api/auth/me` tells the rest of oneself. */
const FOR_ALL: readonly string[] = ['id', 'name', 'email'];
const GENERAL = new Set(['skip', 'limit', 'cursor', 'sort', 'count', 'q', 'fields', 'omit']);

/** A list for those who are not administrators: what they do not see they do not filter, sort or choose by either. */
function limitedQuery(raw: RawQuery): RawQuery {
  const faults: FieldFault[] = [];
  for (const name of Object.keys(raw))
    if (!GENERAL.has(name) && !FOR_ALL.includes(name.split('__')[0] ?? ''))
      faults.push({ field: name.slice(0, 100), message: 'is not a parameter of this list', rule: 'unknown' });
  for (const name of ['sort', 'fields', 'omit'])
    for (const one of [raw[name] ?? []].flat().flatMap(text => text.split(',')))
      if (one.trim() !== '' && !FOR_ALL.includes(one.trim().replace(/^-/, '')))
        faults.push({ field: name, message: `may name ${FOR_ALL.join(', ')}`, rule: 'unknown' });
  if (faults.length > 0) throw new ValidationError(faults, 'The query is not valid');
  // `fields=` that names none would mean all of them.
  return listOf(raw.fields).length > 0 ? raw : { ...raw, fields: FOR_ALL.join(',') };
}

/** A user as the actor may know them: without clients that the actor does not see. */
function withSeenClients(user: View<User>): View<User> {
  if (!user.client_ids) return user;
  return { ...user, client_ids: user.client_ids.filter(id => seesClient(currentActor(), id)) };
}

const withdrawn = ({ id, email }: User): Withdrawn => ({ of: 'user', id, name: email });

function isActiveAdmin(user: User): boolean {
  return user.is_active && user.scopes.includes('msp:admin');
}
