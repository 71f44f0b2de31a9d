import { Injectable } from '@nestjs/common';
import { isAdmin } from '../../core/context/actor.js';
import { AuthorizationError } from '../../core/context/errors.js';
import { Units } from '../../core/database/units.js';
import { currentActor } from '../../core/context/request-context.js';
import { decodeMoment, encodeMoment, now } from '../../core/database/values.js';
import { CredentialReader } from './credential-reader.js';
import type { Right } from './credential-right.js';
import { isPrivate } from './credential-right.js';
import type { Credential } from './credential.entity.js';

const MOVING = ['client_id', 'visibility', 'owner_id'] as const;

/** Until when somebody manages; null is without an end. */
export type Management = Pick<Right, 'until'>;

/** Who changes, moves and hands on credentials. */
@Injectable()
export class CredentialRights {
  constructor(
    private readonly units: Units,
    private readonly reader: CredentialReader,
  ) {}

  /**
   * Changing needs the ownership or a manage grant; administrators change what belongs to a client or the pool.
   * Moving needs a right without an end, which would else be prolonged. What belongs to a client or the pool becomes
   * private by an administrator alone.
   */
  async requireManage(credential: Credential, changes: Partial<Credential> = {}): Promise<Right> {
    const right = (await this.reader.read([credential.id])).get(credential.id)?.right;
    if (right?.level !== 'manage')
      throw new AuthorizationError('This needs the grant manage on the credential', {
        resource_type: 'Credential',
        resource_id: credential.id,
      });
    const moves = MOVING.filter(name => changes[name] !== undefined && changes[name] !== credential[name]);
    const refuse = (message: string): never => {
      throw new AuthorizationError(message, {
        field: moves[0],
        resource_type: 'Credential',
        resource_id: credential.id,
      });
    };
    if (moves.length === 0) return right;
    if (currentActor().token) refuse('An access token does not move credentials: log in for that');
    if (right.basis === 'grant' && right.until !== null)
      refuse('A grant that ends does not move a credential');
    const handsOver =
      right.basis === 'ownership' ||
      right.basis === 'break-glass' ||
      (isAdmin(currentActor()) && !isPrivate(credential));
    if (moves.includes('owner_id') && !handsOver)
      refuse('Only the owner or an administrator hands a credential over');
    // Administrators would lose what they answer for.
    if (!isPrivate(credential) && isPrivate({ ...credential, ...changes }) && !isAdmin(currentActor()))
      refuse('Only an administrator takes a credential of a client or the pool out of it, to be private');
    return right;
  }

  /** All credentials of a client: administrators, and whoever manages the whole client by a grant. */
  async managementOfClient(client_id: string): Promise<Management | undefined> {
    if (isAdmin(currentActor())) return { until: null };
    const rows = await this.units.sql.select<{ expires_at: string | null }>(
      "SELECT expires_at FROM credential_permissions WHERE user_id = ? AND client_id = ? AND level = 'manage' " +
        'AND (expires_at IS NULL OR expires_at > ?)',
      [currentActor().id, client_id, encodeMoment(now())],
    );
    return rows[0] && { until: rows[0].expires_at && decodeMoment(rows[0].expires_at) };
  }
}
