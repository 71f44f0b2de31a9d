import { Injectable } from '@nestjs/common';
import { StepUp } from '../../core/access/factors/step-up.js';
import { AppSettings } from '../../core/config/settings.js';
import { administersAll } from '../../core/context/actor.js';
import { AuthorizationError, StaleRowError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { encodeMoment, momentIn, now } from '../../core/database/values.js';
import { notReplayed } from '../../core/requests/not-replayed.js';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import type { Clause } from '../../core/table/clause.js';
import { HeadWatch } from '../changes/head-watch.js';
import { destinationFault } from './destination/destination.js';
import { patternFault } from './event-patterns.js';
import { Webhook } from './webhook.entity.js';
import { type NewSecret, WebhookSecrets } from './webhook-secrets.service.js';

/** Of one user. */
const MOST = 50;

/** Webhooks: made by administrators who are logged in, seen by those and by administrators who see every client. */
@Injectable()
export class WebhooksService extends ResourceService(Webhook) {
  constructor(
    private readonly settings: AppSettings,
    private readonly stepUp: StepUp,
    private readonly secrets: WebhookSecrets,
    private readonly head: HeadWatch,
  ) {
    super();
  }

  override async create({ secret, ...given }: Body): Promise<View<Webhook>> {
    if (currentActor().kind !== 'user')
      throw new AuthorizationError('A webhook is made by a user, whose rights it has');
    const new_secret = await this.secrets.prepare(secret as string | undefined);
    const view = await super.create({ ...given, new_secret });
    return new_secret.made
      ? notReplayed({ ...view, signing_secret: new_secret.made }, 'signing_secret')
      : view;
  }

  /** Another secret signs from now on, and the one before beside it for so many hours. */
  async rotateSecret(
    id: string,
    hours: number,
    given?: string,
  ): Promise<{ signing_secret?: string; former_ends_at: string }> {
    return this.kit.units.run(async () => {
      this.requireLogin(id);
      await this.requireCode('Rotating the secret of a webhook', id);
      const secret = await this.secrets.prepare(given);
      const row = await this.find(id, true);
      await this.requireWriter(row);
      this.requireOwner(row);
      const former_ends_at = momentIn(hours * 3_600_000);
      await this.secrets.add(id, secret, former_ends_at);
      await this.change(row, {}, 'rotate_secret', { former_ends_at });
      const answer = { former_ends_at, ...(secret.made ? { signing_secret: secret.made } : {}) };
      return notReplayed(answer, 'signing_secret');
    });
  }

  /** A webhook that the actor may have do something: it sends what its user sees to where its user wants. */
  async findForAction(id: string): Promise<Webhook> {
    const row = await this.find(id, true);
    await this.requireWriter(row);
    return row;
  }

  /** By the server, which tells on the trail and in the row why. */
  async disable(id: string, disabled_because: string): Promise<void> {
    await this.kit.units.run(async () => {
      const [row] = await this.kit.rows.find(Webhook, { id });
      if (!row?.is_active) return;
      const changes = { is_active: false, disabled_at: now(), disabled_because };
      await this.change(row, changes, 'disable', { reason: disabled_because });
    });
  }

  /** As `disable`, every one. */
  async disableAll(because: string): Promise<void> {
    for (const { id } of await this.kit.rows.find(Webhook, { is_active: true }))
      await this.disable(id, because);
  }

  /** Only what changed: what deliveries store meanwhile is not put back. */
  override async write(before: Webhook, row: Webhook): Promise<void> {
    const changes = Object.entries(row).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Webhook]),
    );
    const known = { id: before.id, version: before.version };
    if ((await this.kit.rows.update(Webhook, known, Object.fromEntries(changes))) !== 1)
      throw new StaleRowError('Webhook was changed at the same time');
  }

  protected override async requireWriter(before?: Webhook): Promise<void> {
    await super.requireWriter(before);
    this.requireLogin(before?.id);
  }

  protected override async prepare(body: Body, id?: string): Promise<Body> {
    await this.requireWriter();
    if (id === undefined || body.url !== undefined)
      await this.requireCode('Creating webhooks, and changing where they lead,', id);
    if (id !== undefined && body.secret !== undefined)
      throw ValidationError.of('secret', 'is changed by POST /webhooks/{id}/rotate-secret', 'readOnly');
    return { ...body, cursor_seq: await this.head.head() };
  }

  protected override fill(row: Webhook, before: Webhook | undefined, body: Body): void {
    if (before && (['url', 'events'] as const).some(name => String(row[name]) !== String(before[name])))
      this.requireOwner(before);
    // What happened while it was off is had by a replay.
    if (!before || !row.is_active || before.is_active) return;
    this.requireOwner(before);
    const cleared = { failing_since: null, disabled_at: null, disabled_because: null };
    Object.assign(row, cleared, { cursor_seq: body.cursor_seq });
  }

  protected override async check(row: Webhook, before?: Webhook): Promise<void> {
    const fault = destinationFault(row.url, this.settings.WEBHOOK_ALLOW_PRIVATE);
    if (fault && row.url !== before?.url) throw ValidationError.of('url', fault, 'destination');
    for (const [at, pattern] of row.events.entries()) {
      const wrong = patternFault(pattern);
      if (wrong) throw ValidationError.of(`events.${at}`, wrong, 'pattern');
    }
    if (row.events.length === 0) throw ValidationError.of('events', 'must name at least one', 'arrayMinSize');
    if (before) return;
    const own = await this.kit.rows.find(Webhook, { user_id: row.user_id });
    if (own.length >= MOST) throw this.conflict(`A user has at most ${MOST} webhooks; delete some`, row);
  }

  protected override async after(row: Webhook, before: Webhook | undefined, body: Body): Promise<void> {
    if (!before) return this.secrets.add(row.id, body.new_secret as NewSecret);
    if (before.is_active || !row.is_active) return;
    const text =
      "UPDATE webhook_deliveries SET next_attempt_at = ? WHERE webhook_id = ? AND status = 'pending'";
    await this.kit.units.sql.change(text, [encodeMoment(now()), row.id]);
  }

  /** Off until its user switches it on: it signs with a secret that stayed behind. */
  protected override async completeAdopted(row: Webhook): Promise<void> {
    row.cursor_seq = await this.head.head();
    if (!row.is_active) return;
    Object.assign(row, { is_active: false, disabled_at: now(), disabled_because: 'brought by an import' });
  }

  protected override restrictions(): Clause[] {
    const actor = currentActor();
    return administersAll(actor) ? [] : [{ sql: 'webhooks.user_id = ?', values: [actor.id] }];
  }

  private requireLogin(id?: string): void {
    if (currentActor().token)
      throw new AuthorizationError(
        'An access token does not manage webhooks: log in for that',
        this.about(id),
      );
  }

  /** It sends what its user sees to where whoever changes it wants. */
  private requireOwner(row: Webhook): void {
    if (row.user_id !== currentActor().id)
      throw new AuthorizationError(
        'A webhook sends what its user may see: others switch it off or delete it, and no more',
        this.about(row.id),
      );
  }

  /** It outlives the login: whoever has a second factor is asked for it. */
  private requireCode(what: string, id?: string): Promise<void> {
    return this.stepUp.requireCode(what, this.about(id));
  }

  private about(id?: string) {
    return { resource_type: this.spec.label, resource_id: id ?? null };
  }
}
