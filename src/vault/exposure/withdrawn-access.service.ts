import { Injectable, OnModuleInit } from '@nestjs/common';
import { userActor } from '../../core/access/user-actor.js';
import { User } from '../../core/access/user.entity.js';
import type { DemandedRotations } from '../../core/context/request-context.js';
import { inParts, placeholders } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { resourceOf } from '../../core/resource/resource.js';
import { clientRestriction } from '../../core/resource/restriction.js';
import { Withdrawals, type Withdrawn } from '../../core/resource/withdrawals.js';
import { allOf } from '../../core/table/clause.js';
import { Rows } from '../../core/table/rows.js';
import { Credential } from '../credentials/credential.entity.js';
import { openable } from '../credentials/revealable.js';
import { RotationService } from '../credentials/rotation.service.js';
import { Exposures, MOST } from './exposure.service.js';

/**
 * The rotation of what somebody has revealed and may not reveal any more, demanded in the unit that takes the access
 * away (`?rotate=revealed`).
 */
@Injectable()
export class WithdrawnAccess implements OnModuleInit {
  constructor(
    private readonly withdrawals: Withdrawals,
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly exposures: Exposures,
    private readonly rotations: RotationService,
  ) {}

  onModuleInit(): void {
    this.withdrawals.follow((one, rotations) => this.demand(one, rotations));
  }

  private async demand(
    withdrawn: Withdrawn,
    { demanded, demanded_before, remaining }: DemandedRotations,
  ): Promise<void> {
    // On SQLite by a thread: somebody may have years of entries, and nobody else writes meanwhile. Elsewhere the unit has
    // a connection, and takes no second one.
    const look = () => this.exposures.knownTo(withdrawn);
    const known = await (this.units.sql.dialect === 'sqlite' ? this.units.outside(look) : look());
    const lost = withdrawn.of === 'token' ? known : await this.lost(withdrawn.id, known);
    const reason = `Access of ${withdrawn.name} was withdrawn`.slice(0, 200);
    const details = { exposed_by: `${withdrawn.of} ${withdrawn.id}` };
    for (const { credential_id, rotation_demand } of lost) {
      if (demanded.has(credential_id)) continue;
      if (rotation_demand !== null) demanded_before.add(credential_id);
      else if (demanded.size >= MOST) remaining.add(credential_id);
      else {
        await this.rotations.demand(credential_id, reason, details);
        demanded.add(credential_id);
      }
    }
  }

  /** Those that the user may not reveal as things are in this unit. */
  private async lost<T extends { credential_id: string }>(user_id: string, known: T[]): Promise<T[]> {
    const user = await this.rows.findOne(User, { id: user_id });
    if (!user?.is_active || !user.scopes.includes('msp:read')) return known;
    const as = userActor(user);
    const seen = clientRestriction(resourceOf(Credential), as);
    const kept = new Set<string>();
    for (const ids of inParts(known.map(one => one.credential_id))) {
      const { sql, values } = allOf([
        { sql: `credentials.id IN (${placeholders(ids.length)})`, values: ids },
        openable(as),
        ...(seen ? [seen] : []),
      ]);
      const rows = await this.units.sql.select<{ id: string }>(
        `SELECT id FROM credentials WHERE ${sql}`,
        values,
      );
      for (const row of rows) kept.add(row.id);
    }
    return known.filter(one => !kept.has(one.credential_id));
  }
}
