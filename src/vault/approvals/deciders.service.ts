import { Injectable } from '@nestjs/common';
import type { User } from '../../core/access/user.entity.js';
import { Rows } from '../../core/table/rows.js';
import { Credential } from '../credentials/credential.entity.js';
import { RightsOfUsers, type UserRight } from '../credentials/rights-of-users.service.js';
import type { ApprovalRequest } from './approval-request.entity.js';
import { Hands } from './hands.service.js';

export type Target = Pick<ApprovalRequest, 'credential_id' | 'client_id'>;

const NEEDED = ['msp:read', 'msp:write'];

/** Who decides on a request: another one who manages what it is about, or an administrator who sees it. */
@Injectable()
export class Deciders {
  constructor(
    private readonly rows: Rows,
    private readonly rights: RightsOfUsers,
    private readonly hands: Hands,
  ) {}

  /** Those who could decide what this user asks for, as things are now; of these ids alone, where they are given. */
  async of(target: Target, requester_id: string | null, ids?: string[]): Promise<User[]> {
    const able = await this.able(target, requester_id, ids);
    if (requester_id === null || able.length === 0) return able;
    const apart = await this.hands.apartFrom(
      requester_id,
      able.map(one => one.id),
    );
    return able.filter(one => apart.has(one.id));
  }

  /** Those who have the right to decide, be they another hand of the requester's or not. */
  async able(target: Target, requester_id: string | null, ids?: string[]): Promise<User[]> {
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

  /** Whether somebody else has come by the account of who asked since then, or of who decided since that. */
  async wereTaken({ requested_by, created_at, decided_by, decided_at }: ApprovalRequest): Promise<boolean> {
    if (requested_by !== null && (await this.hands.wasTaken(requested_by, created_at))) return true;
    return decided_by !== null && decided_at !== null && this.hands.wasTaken(decided_by, decided_at);
  }
}
