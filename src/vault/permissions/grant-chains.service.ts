import { Injectable } from '@nestjs/common';
import { inParts, placeholders } from '../../core/database/sql.js';
import { forShare } from '../../core/database/locks.js';
import { Units } from '../../core/database/units.js';
import { decodeMoment } from '../../core/database/values.js';
import { User } from '../../core/access/user.entity.js';
import { Rows } from '../../core/table/rows.js';
import { isPrivate } from '../credentials/credential-right.js';
import { Credential } from '../credentials/credential.entity.js';
import type { CredentialPermission } from './credential-permission.entity.js';
import { type ChainedGrant, mayRestOn, type Worth, worthOf } from './grant-chains.js';

/** Finds the grants that go with a lost one: those that its holder gave within it, and so on. */
@Injectable()
export class GrantChains {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
  ) {}

  /**
   * Inside the unit that has revoked, lowered or shortened them. What is committed meanwhile is seen, and what is read
   * stays as it is until the unit ends.
   *
   * @param lost as they were before
   * @returns the id of each grant that is to become less, with what is left of it; null for nothing
   */
  async after(lost: CredentialPermission[]): Promise<Map<string, Worth | null>> {
    const time = new Date().toISOString();
    const lives = ({ expires_at }: Worth) => expires_at === null || expires_at > time;
    const credentials = new Map<string, Credential>();
    const asked = new Map<string, ChainedGrant>();
    let bases = await this.placed(lost, credentials);
    while (bases.length > 0) {
      const given = await this.grantsOf('granted_by', bases.map(one => one.user_id), credentials); // prettier-ignore
      bases = given.filter(
        one => lives(one) && !asked.has(one.id) && bases.some(base => mayRestOn(one, base)),
      );
      for (const one of bases) asked.set(one.id, one);
    }
    return this.judged([...asked.values()], credentials, time);
  }

  /**
   * The same for all grants on a credential that has moved or has another owner: whoever gave them may have no right
   * to it any more.
   */
  async onMoved(credential_id: string): Promise<Map<string, Worth | null>> {
    const time = new Date().toISOString();
    const credentials = new Map<string, Credential>();
    const given = await this.grantsOf('credential_id', [credential_id], credentials);
    const living = given.filter(({ expires_at }) => expires_at === null || expires_at > time);
    return this.judged(living, credentials, time);
  }

  /** What is left of those that are worth less than they say. */
  private async judged(
    grants: ChainedGrant[],
    credentials: Map<string, Credential>,
    time: string,
  ): Promise<Map<string, Worth | null>> {
    if (grants.length === 0) return new Map();
    const asked = new Set(grants.map(one => one.id));
    const givers = grants.flatMap(one => one.granted_by ?? []);
    const held = await this.grantsOf('user_id', givers, credentials);
    const admins = new Set(
      (await this.rows.find(User, { id: [...new Set(givers)] }))
        .filter(one => one.scopes.includes('msp:admin'))
        .map(one => one.id),
    );
    const isRooted = ({ granted_by, credential_id }: ChainedGrant) => {
      const credential = credential_id === null ? undefined : credentials.get(credential_id);
      if (granted_by === null || credential?.owner_id === granted_by) return true;
      return admins.has(granted_by) && !(credential && isPrivate(credential));
    };
    const others = held.filter(one => !asked.has(one.id));
    const worth = worthOf(grants, others, isRooted, time);
    return new Map(
      [...worth]
        .filter(([one, left]) => left?.level !== one.level || left.expires_at !== one.expires_at)
        .map(([one, left]) => [one.id, left]),
    );
  }

  private async grantsOf(
    column: 'granted_by' | 'user_id' | 'credential_id',
    of: string[],
    credentials: Map<string, Credential>,
  ): Promise<ChainedGrant[]> {
    const { sql } = this.units;
    const rows: ChainedGrant[] = [];
    for (const ids of inParts([...new Set(of)])) {
      const text =
        'SELECT id, user_id, granted_by, level, expires_at, credential_id, client_id FROM credential_permissions ' +
        `WHERE ${column} IN (${placeholders(ids.length)})${forShare(sql.dialect)}`;
      rows.push(...(await sql.select<ChainedGrant>(text, ids)));
    }
    const grants = rows.map(one => ({ ...one, expires_at: one.expires_at && decodeMoment(one.expires_at) }));
    return this.placed(grants, credentials);
  }

  /** With the clients of their credentials, which are kept in the map. */
  private async placed(
    grants: ChainedGrant[],
    credentials: Map<string, Credential>,
  ): Promise<ChainedGrant[]> {
    const ids = grants.flatMap(one => one.credential_id ?? []).filter(id => !credentials.has(id));
    for (const one of await this.rows.find(Credential, { id: [...new Set(ids)] }))
      credentials.set(one.id, one);
    return grants.map(one => ({
      ...one,
      client_id:
        one.credential_id === null ? one.client_id : (credentials.get(one.credential_id)?.client_id ?? null),
    }));
  }
}
