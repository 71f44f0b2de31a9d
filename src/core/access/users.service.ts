import { Injectable } from '@nestjs/common';
import { ConflictError, NotFoundError, ValidationError } from '../http/errors.js';
import { now } from '../resource/codec.js';
import { Body, ResourceService, View } from '../resource/resource.service.js';
import { Logins } from './logins.js';
import { Passwords } from './passwords.js';
import { User } from './user.entity.js';

/** Users; what takes rights away (disabling, password, scopes, clients) ends every login at once. */
@Injectable()
export class UsersService extends ResourceService(User) {
  constructor(
    private readonly passwords: Passwords,
    private readonly logins: Logins,
  ) {
    super();
  }

  override async create(body: Body): Promise<View<User>> {
    return super.create(await this.withHash(body, [String(body.email), String(body.name)]));
  }

  override async update(id: string, body: Body, ifMatch?: string): Promise<View<User>> {
    const known =
      body.password === undefined
        ? []
        : Object.values(await this.find(id)).filter(value => typeof value === 'string');
    return super.update(id, await this.withHash(body, known.slice(0, 10)), ifMatch);
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
      const row = { ...user, totp_enrolled: false, totp_sealed: null, version: user.version + 1 };
      await this.write(user, { ...row, updated_at: now() });
      await this.logins.end({ user_id: id }, 'second factor reset');
      this.tell('totp_reset', row);
    });
  }

  async view(user: User): Promise<View<User>> {
    return this.shown(user);
  }

  /** Argon2 works before any transaction begins. */
  private async withHash(body: Body, known: string[]): Promise<Body> {
    if (typeof body.password !== 'string') return body;
    this.passwords.requireStrong(body.password, 'password', known);
    return { ...body, password: undefined, password_hash: await this.passwords.hash(body.password) };
  }

  protected override async beforeCreate(row: User, body: Body): Promise<void> {
    if (typeof body.password_hash !== 'string')
      throw ValidationError.of('password', 'is required', 'required');
    row.password_hash = body.password_hash;
    await this.checkClients(row.client_ids);
  }

  protected override async beforeUpdate(before: User, changes: Partial<User>, body: Body): Promise<void> {
    if (typeof body.password_hash === 'string')
      Object.assign(changes, { password_hash: body.password_hash, failed_logins: 0, locked_until: null });
    if (changes.client_ids) await this.checkClients(changes.client_ids);
    const administers = before.is_active && before.scopes.includes('msp:admin');
    if (administers && (changes.is_active === false || changes.scopes?.includes('msp:admin') === false))
      await this.requireAnotherAdmin(before);
  }

  protected override async afterUpdate(before: User, row: User): Promise<void> {
    const narrowed =
      (before.is_active && !row.is_active) ||
      before.password_hash !== row.password_hash ||
      JSON.stringify([before.scopes, before.client_access, before.client_ids]) !==
        JSON.stringify([row.scopes, row.client_access, row.client_ids]);
    if (narrowed) await this.logins.end({ user_id: row.id }, 'changed by an administrator');
  }

  protected override async beforeRemove(row: User): Promise<void> {
    await this.requireAnotherAdmin(row);
  }

  private async requireAnotherAdmin(user: User): Promise<void> {
    const others = await this.kit.rows.find(User, { is_active: true });
    if (!others.some(one => one.id !== user.id && one.scopes.includes('msp:admin')))
      throw new ConflictError('This is the last administrator', {
        resource_type: 'User',
        resource_id: user.id,
      });
  }

  private async checkClients(ids: string[]): Promise<void> {
    const clients = this.kit.services.byPath('clients');
    for (const [index, id] of ids.entries())
      if (!(await clients?.reference(id)))
        throw ValidationError.of(`client_ids.${index}`, 'refers to nothing that exists', 'reference');
  }
}
