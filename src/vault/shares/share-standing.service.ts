import { Injectable } from '@nestjs/common';
import { asksForApproval, stricterOf } from '../../core/access/reveal-policy.js';
import { Rows } from '../../core/table/rows.js';
import { Client } from '../../directory/clients/client.entity.js';
import { atLeast } from '../credentials/credential-right.js';
import type { Credential } from '../credentials/credential.entity.js';
import { RightsOfUsers } from '../credentials/rights-of-users.service.js';

/** What a link stands on: a credential in use, a policy that one person passes, and the right of who made it. */
@Injectable()
export class ShareStanding {
  constructor(
    private readonly rows: Rows,
    private readonly rights: RightsOfUsers,
  ) {}

  /** Why a link that this user has made opens nothing; undefined while it does. */
  async lostBy(maker_id: string, credential: Credential): Promise<string | undefined> {
    const { client_id } = credential;
    const client = client_id === null ? undefined : await this.rows.findOne(Client, { id: client_id });
    if (!credential.is_active || credential.archived_at !== null)
      return 'the credential is not in use any more';
    if (client?.offboarded_at) return 'the client was off-boarded';
    if (client && client.archived_at !== null) return 'the client is archived';
    if (asksForApproval(stricterOf(credential.reveal_policy, client?.reveal_policy)))
      return 'a second person approves each reveal';
    const right = (await this.rights.on(credential, [maker_id])).get(maker_id);
    const mayReveal = right && atLeast(right.level, 'reveal') && right.user.scopes.includes('msp:read');
    return mayReveal ? undefined : 'who made it may not reveal the secrets any more';
  }
}
