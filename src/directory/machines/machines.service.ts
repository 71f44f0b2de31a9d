import { Injectable } from '@nestjs/common';
import { ConflictError, ValidationError } from '../../core/context/errors.js';
import { now } from '../../core/table/codec.js';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import { Machine } from './machine.entity.js';

const FINGERPRINT = /^[!-~]{1,500}$/;

@Injectable()
export class MachinesService extends ResourceService(Machine) {
  /**
   * What a machine says of itself: its row by fingerprint, or the one that was entered by hand under its
   * hostname, or a new one.
   */
  upsert(machine_fingerprint: string, body: Body): Promise<View<Machine>> {
    if (!FINGERPRINT.test(machine_fingerprint))
      throw ValidationError.of('machine_fingerprint', 'must be 1 to 500 visible characters', 'matches');
    if (body.machine_fingerprint !== undefined && body.machine_fingerprint !== machine_fingerprint)
      throw ValidationError.of('machine_fingerprint', 'must be the one of the path', 'equals');
    const row = { ...body, machine_fingerprint, last_seen_at: now() };
    return this.kit.units.run(async () => {
      const known =
        (await this.by({ machine_fingerprint })) ??
        (await this.by({ hostname: body.hostname as string, machine_fingerprint: null }));
      if (known) return this.update(known.id, row);
      try {
        return await this.kit.units.attempt(() => this.create(row));
      } catch (error) {
        // The same machine twice at once: the other request was faster.
        const made = error instanceof ConflictError && (await this.by({ machine_fingerprint }));
        if (!made) throw error;
        return this.update(made.id, row);
      }
    });
  }

  private by(where: Partial<Machine>): Promise<Machine | undefined> {
    return this.kit.rows.findOne(Machine, where);
  }
}
