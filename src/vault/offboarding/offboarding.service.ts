import { Injectable } from '@nestjs/common';
import { StepUp } from '../../core/access/factors/step-up.js';
import { NotFoundError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { KeyDestruction } from '../../core/crypto/key-destruction.js';
import { newId } from '../../core/database/new-id.js';
import { Units } from '../../core/database/units.js';
import { now } from '../../core/database/values.js';
import { Rows } from '../../core/table/rows.js';
import type { Client } from '../../directory/clients/client.entity.js';
import { ClientsService } from '../../directory/clients/clients.service.js';
import { Exposures } from '../exposure/exposure.service.js';
import type { OffboardBody, OffboardingReport } from './offboarding.bodies.js';
import { Offboarding } from './offboarding.entity.js';
import { OwnHand } from './own-hand.js';
import { SecretsState } from './secrets-state.js';
import { Shredding } from './shredding.service.js';

const VERB = 'offboard';
const NOTHING_YET = { keys_destroyed: 0, credentials: 0, secrets: 0, approvals: 0 };
const BEYOND_REACH = [
  'Backups and copies of the keystore from before hold the wrapped keys, and open what backups of the main database from before hold: delete them, or rotate the master key (admin keys rotate-kek) and destroy the former one.',
  'Binary logs and replicas of a MariaDB keystore hold earlier states until they are purged.',
  'Other server processes forget the keys within a minute, and open nothing by them meanwhile.',
  'Exports, revealed secrets and redeemed links are with who has them: the systems behind them stay open until their passwords are changed.',
];

/** How a client leaves: first nothing opens any more, then nothing can, then nothing is left. */
@Injectable()
export class OffboardingService {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly stepUp: StepUp,
    private readonly clients: ClientsService,
    private readonly keys: KeyDestruction,
    private readonly state: SecretsState,
    private readonly shredding: Shredding,
    private readonly exposures: Exposures,
  ) {}

  /**
   * Each step stands by itself, and is done once; whoever calls again after a fault goes on. From the first one on there
   * is no way back.
   *
   * @throws AuthorizationError, ValidationError, ConflictError before anything has happened; UnavailableError
   */
  async offboard(id: string, body: OffboardBody): Promise<OffboardingReport> {
    await this.admit(id, body);
    await this.begin(id, body);
    await this.destroyKeys(id);
    await this.shredding.shred(id);
    await this.finish(id);
    return this.report(id);
  }

  /** @throws NotFoundError where none has begun */
  async report(id: string): Promise<OffboardingReport> {
    const client = await this.clients.find(id);
    const found = await this.rows.findOne(Offboarding, { client_id: id });
    if (!found)
      throw new NotFoundError('The client is not being off-boarded', {
        resource_type: 'Client',
        resource_id: id,
      });
    const { id: _id, ...done } = found;
    const people = await this.exposures.people(id);
    const { name: client_name, keys_destroyed_at } = client;
    const links = await this.shredding.linksEnded(id, done.begun_at);
    return { ...done, client_name, keys_destroyed_at, links, ...people, beyond_reach: BEYOND_REACH };
  }

  private async admit(id: string, { confirm, ...proof }: OffboardBody): Promise<void> {
    const client = await this.clients.find(id);
    const hand = new OwnHand(this.stepUp, client, factOf(client, 'refused'));
    hand.requireUser('An access token off-boards nobody');
    if (confirm !== client.name)
      throw ValidationError.of('confirm', 'must be the name of the client, as it stands there', 'confirm');
    await hand.requirePresence('Off-boarding a client', proof);
  }

  /** From here on nothing opens, and nothing is sealed any more, in any process. */
  private async begin(id: string, { reason, export_sha256, without_export }: OffboardBody): Promise<void> {
    await this.units.run(async () => {
      const client = await this.clients.find(id, true);
      if (client.offboarded_at) return;
      if ((export_sha256 === undefined) === (without_export === undefined))
        throw ValidationError.of('export_sha256', 'give either export_sha256 or without_export', 'exclusive');
      if (export_sha256 !== undefined) await this.state.requireCurrent(id, export_sha256);
      const offboarded_at = now();
      await this.rows.insert(Offboarding, {
        id: newId(),
        client_id: id,
        begun_by: currentActor().id,
        begun_at: offboarded_at,
        reason,
        export_sha256: export_sha256 ?? null,
        ...NOTHING_YET,
      });
      const status = client.archived_at === null ? 'offboarding' : client.status;
      const details = { step: 'begin', reason, export_sha256: export_sha256 ?? null };
      await this.clients.change(client, { offboarded_at, status }, VERB, details);
    });
  }

  /** In the keystore first: killed in between, the next call finds them destroyed, and says so. */
  private async destroyKeys(id: string): Promise<void> {
    const { keys_destroyed_at } = await this.clients.find(id);
    const keys_destroyed = await this.keys.destroyAll({ kind: 'client', id });
    if (keys_destroyed_at) return;
    await this.units.run(async () => {
      const client = await this.clients.find(id, true);
      if (client.keys_destroyed_at) return;
      await this.rows.update(Offboarding, { client_id: id }, { keys_destroyed });
      const details = { step: 'destroy_keys', keys_destroyed };
      await this.clients.change(client, { keys_destroyed_at: now() }, VERB, details);
    });
  }

  private async finish(id: string): Promise<void> {
    await this.units.run(async () => {
      const client = await this.clients.find(id, true);
      const before = await this.rows.findOne(Offboarding, { client_id: id });
      if (!before || before.finished_at) return;
      await this.shredding.endApprovals(id);
      await this.rows.update(Offboarding, { client_id: id }, { finished_at: now() });
      const { credentials, secrets, approvals } =
        (await this.rows.findOne(Offboarding, { client_id: id })) ?? NOTHING_YET;
      const archived = { status: 'archived', archived_at: client.archived_at ?? now() };
      const details = { step: 'end', credentials, secrets, approvals };
      await this.clients.change(client, archived, VERB, details);
    });
  }
}

function factOf({ id, name }: Client, step: string) {
  return {
    action: `client.${VERB}`,
    resource_type: 'client',
    resource_id: id,
    client_id: id,
    name,
    details: { step },
  };
}
