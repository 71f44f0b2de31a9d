import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { now } from '../../core/database/values.js';
import { retryIfTaken } from '../../core/resource/retry.js';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import { Machine } from './machine.entity.js';

const FINGERPRINT = /^[!-~]{1,500}$/;

@Injectable()
export class MachinesService extends ResourceService(Machine) {
  /**
   * What a machine says of itself: its row by fingerprint, or the one that was entered by hand under its
   * hostname, or a new one.
   */
  upsert(machine_fingerprint: string, body: Body): Promise<{ row: View<Machine>; created: boolean }> {
    if (!FINGERPRINT.test(machine_fingerprint))
      throw ValidationError.of('machine_fingerprint', 'must be 1 to 500 visible characters', 'matches');
    if (body.machine_fingerprint !== undefined && body.machine_fingerprint !== machine_fingerprint)
      throw ValidationError.of('machine_fingerprint', 'must be the one of the path', 'equals');
    const row = { ...body, machine_fingerprint, last_seen_at: now() };
    return this.kit.units.run(async () => {
      const known =
        (await this.by({ machine_fingerprint })) ??
        (await this.by({ hostname: body.hostname as string, machine_fingerprint: null }));
      // The same machine twice at once: the slower request finds what the other one made.
      const written = known ? this.update(known.id, row) : this.create(row);
      return {
        row: await written.catch(retryIfTaken(['machine_fingerprint'])),
        created: known === undefined,
      };
    });
  }

  private by(where: Partial<Machine>): Promise<Machine | undefined> {
    return this.kit.rows.findOne(Machine, where);
  }
}
