import { Injectable } from '@nestjs/common';
import type { User } from '../../core/access/user.entity.js';
import { Units } from '../../core/database/units.js';
import { DAY_MS, encodeMoment, momentIn } from '../../core/database/values.js';
import { Rows } from '../../core/table/rows.js';
import { Credential } from '../credentials/credential.entity.js';
import { RightsOfUsers, type UserRight } from '../credentials/rights-of-users.service.js';
import type { ApprovalRequest } from './approval-request.entity.js';

export type Target = Pick<ApprovalRequest, 'credential_id' | 'client_id'>;

const NEEDED = ['msp:read', 'msp:write'];
/** An account is a person's own after that; before, it may be another hand of who made it, or who set its password. */
export const OWN_AFTER_DAYS = 30;
const MAKING = "('user.create', 'user.password_reset', 'user.totp_reset')";

/** Who decides on a request: another one who manages what it is about, or an administrator who sees it. */
@Injectable()
export class Deciders {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly rights: RightsOfUsers,
  ) {}

  /** Those who could decide what this user asks for, as things are now; of these ids alone, where they are given. */
  async of(target: Target, requester_id: string | null, ids?: string[]): Promise<User[]> {
    const found = await this.rightsOn(target, ids);
    return [...found.values()]
      .filter(one => one.user.id !== requester_id && (one.isAdmin || one.level === 'manage'))
      .map(one => one.user)
      .filter(user => NEEDED.every(scope => user.scopes.includes(scope)));
  }

  /** What users may do there, of those who see it. */
  async rightsOn({ credential_id, client_id }: Target, ids?: string[]): Promise<Map<string, UserRight>> {
    if (client_id !== null) return this.rights.onClient(client_id, ids);
    const credential = await this.rows.findOne(Credential, { id: credential_id ?? '' });
    return credential ? this.rights.on(credential, ids) : new Map<string, UserRight>();
  }

  /**
   * Whether `requester_id` has made the account, set its password or taken its second factor away within 30 days: by
   * itself, or by an account that it had made so. The trail knows.
   */
  async isAnotherHand(user_id: string, requester_id: string): Promise<boolean> {
    const since = encodeMoment(momentIn(-OWN_AFTER_DAYS * DAY_MS));
    const accounts = new Set([user_id]);
    for (const account of accounts) {
      const makers = await this.units.sql.select<{ actor_id: string }>(
        `SELECT DISTINCT actor_id FROM journal WHERE resource_type = 'user' AND resource_id = ? AND action IN ${MAKING} ` +
          "AND outcome = 'ok' AND actor_type = 'user' AND at > ?",
        [account, since],
      );
      for (const { actor_id } of makers) accounts.add(actor_id);
    }
    return accounts.has(requester_id);
  }
}
