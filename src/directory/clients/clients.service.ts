import { Injectable } from '@nestjs/common';
import { RevealGate } from '../../core/access/reveal-gate.js';
import { isLooser, type RevealPolicy } from '../../core/access/reveal-policy.js';
import { AuthorizationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { forShare } from '../../core/database/locks.js';
import { AppSettings } from '../../core/config/settings.js';
import { overviewOf, type ResourceOverview } from '../../core/resource/overviews.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import { archiveWhole } from './archiving.js';
import { Client } from './client.entity.js';

/** A client as it is, and the policy that it had. */
type Tightening = (client: Client, before: RevealPolicy) => Promise<void>;

@Injectable()
export class ClientsService extends ResourceService(Client) {
  private readonly tightenings: Tightening[] = [];

  constructor(
    private readonly settings: AppSettings,
    private readonly gate: RevealGate,
  ) {
    super();
  }

  override async update(id: string, body: Body, ifMatch?: string): Promise<View<Client>> {
    const after = body.reveal_policy as RevealPolicy | undefined;
    if (after) {
      const { reveal_policy } = await this.kit.units.outside(() => this.find(id));
      await this.gate.passToLoosen(reveal_policy, after, { of: 'client', id });
    }
    return super.update(id, body, ifMatch);
  }

  /** What belongs to the client, as far as the actor sees it. */
  async overview(id: string): Promise<{ resources: ResourceOverview[] }> {
    await this.find(id);
    return { resources: await overviewOf(this.kit, Client, id) };
  }

  protected override fill(row: Client, before: Client | undefined, body: Body): void {
    if (!before) row.currency ??= this.settings.DEFAULT_CURRENCY;
    archiveWhole(row, before, body);
  }

  /** Whoever asks for the archived by their status means these. */
  protected override allowed(raw: RawQuery): RawQuery {
    const asked = [raw.status, raw.status__in].flat().some(text => text?.split(',').includes('archived'));
    return asked && raw.archived === undefined ? { ...raw, archived: 'any' } : raw;
  }

  protected override async check(row: Client, before?: Client): Promise<void> {
    // A name that is taken tells of its client.
    if (row.name !== before?.name && currentActor().client_access !== 'all')
      throw new AuthorizationError('Clients are named by those who see every client');
    if (before?.offboarded_at && row.status !== before.status)
      throw this.conflict('The client was off-boarded: its keys are gone, and it does not come back', row);
    if (before)
      await this.gate.checkLoosening(before.reveal_policy, row.reveal_policy, { of: 'client', id: row.id });
  }

  protected override async after(row: Client, before?: Client): Promise<void> {
    if (!before || !isLooser(before.reveal_policy, row.reveal_policy)) return;
    for (const follow of this.tightenings) await follow(row, before.reveal_policy);
  }

  /**
   * In the running unit, which whoever begins to off-board the client waits for: nothing is sealed for one that leaves.
   *
   * @throws ConflictError where it was, or is being off-boarded
   */
  async requireKeys(id: string): Promise<void> {
    const { sql } = this.kit.units;
    const text = `SELECT offboarded_at FROM clients WHERE id = ?${forShare(sql.dialect)}`;
    const [client] = await sql.select<{ offboarded_at: string | null }>(text, [id]);
    if (client?.offboarded_at)
      throw this.conflict('The client was off-boarded: no secret is sealed for it any more', { id });
  }

  /** What follows, in the same unit, when the policy of a client asks for something that it did not ask for. */
  afterTightening(follow: Tightening): void {
    this.tightenings.push(follow);
  }
}
