import { Injectable } from '@nestjs/common';
import { RevealGate } from '../../core/access/reveal-gate.js';
import { type Demand, isLooser, stricterOf } from '../../core/access/reveal-policy.js';
import { Units } from '../../core/database/units.js';
import { Rows } from '../../core/table/rows.js';
import { Client } from '../../directory/clients/client.entity.js';
import { CredentialReader } from './credential-reader.js';
import type { Credential } from './credential.entity.js';

type Placed = Pick<Credential, 'client_id' | 'reveal_policy'>;

/**
 * What a credential asks for becomes looser by another policy of its own, and by leaving a client that is stricter:
 * either way only by somebody who passes what it asks for now.
 */
@Injectable()
export class PolicyChanges {
  private readonly tightenings: ((credential_id: string) => Promise<void>)[] = [];

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly reader: CredentialReader,
    private readonly gate: RevealGate,
  ) {}

  /** Before the unit begins; who may not change it at all is refused by the update itself. */
  async pass(id: string, changes: Partial<Placed>): Promise<void> {
    if (changes.reveal_policy === undefined && changes.client_id === undefined) return;
    await this.units.outside(async () => {
      const present = (await this.reader.read([id])).get(id);
      if (present?.right.level !== 'manage') return;
      const after = await this.policyOf({ ...present.credential, ...changes });
      await this.gate.passToLoosen(present.policy, after, { of: 'credential', id });
    });
  }

  /** Inside the unit, for the rows as they are then. */
  async check(before: Credential, changes: Partial<Placed>): Promise<void> {
    if (changes.reveal_policy === undefined && changes.client_id === undefined) return;
    const [present, after] = [await this.policyOf(before), await this.policyOf({ ...before, ...changes })];
    await this.gate.checkLoosening(present, after, { of: 'credential', id: before.id });
    if (isLooser(present, after)) for (const follow of this.tightenings) await follow(before.id);
  }

  /** What follows, in the same unit, when a credential asks for something that it did not ask for. */
  afterTightening(follow: (credential_id: string) => Promise<void>): void {
    this.tightenings.push(follow);
  }

  /** The stricter of its own and its client's. */
  private async policyOf({ client_id, reveal_policy }: Placed): Promise<Demand> {
    const client = client_id === null ? undefined : await this.rows.findOne(Client, { id: client_id });
    return stricterOf(reveal_policy, client?.reveal_policy);
  }
}
