import { Injectable } from '@nestjs/common';
import { AuthorizationError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { lockInstallation, lockRows } from '../../core/database/locks.js';
import { type Body, ResourceService } from '../../core/resource/resource.service.js';
import { RateRule } from './rate-rule.entity.js';
import { mostSpecific, overlap } from './specificity.js';

/** What is looked through for each entry is bounded. */
const MOST_RULES = 1_000;

@Injectable()
export class RateRulesService extends ResourceService(RateRule) {
  /** The rule that is applied to work, whether the actor may see it or not; undefined where there is none. */
  async ruleFor(client_id: string, labour_type: string, work_date: string): Promise<RateRule | undefined> {
    const rules = [...(await this.rulesOf(client_id)), ...(await this.rulesOf(null))];
    return mostSpecific(rules, labour_type, work_date);
  }

  protected override async requireWriter(before?: RateRule): Promise<void> {
    await super.requireWriter(before);
    if (before) requireSight(before);
  }

  protected override fill(row: RateRule, before: RateRule | undefined, body: Body): void {
    requireSight(row);
    if (!before) requireWords(body);
  }

  protected override async check(row: RateRule, before?: RateRule): Promise<void> {
    requireRounding(row, before);
    if (row.valid_from !== null && row.valid_to !== null && row.valid_to < row.valid_from)
      throw ValidationError.of('valid_to', 'must not come before valid_from', 'order');
    await this.lock(row, before);
    const siblings = await this.kit.rows.find(
      RateRule,
      { client_id: row.client_id },
      { limit: MOST_RULES + 1 },
    );
    const others = siblings.filter(one => one.id !== row.id);
    if (others.length >= MOST_RULES)
      throw this.conflict(
        `There are at most ${MOST_RULES} rules for a client, and for all`,
        row,
        'client_id',
      );
    const rival = others.find(one => one.labour_type === row.labour_type && overlap(one, row));
    if (rival)
      throw this.conflict(
        'A rule for the same client and labour type is valid at that time',
        rival,
        'valid_from',
      );
  }

  /** Who adds or changes rules of one client waits for who did so before, and sees their rules. */
  private async lock(row: RateRule, before: RateRule | undefined): Promise<void> {
    const clients = [row.client_id, before?.client_id].filter(id => typeof id === 'string');
    const isForAll = row.client_id === null;
    await lockRows(this.kit.units.sql, 'clients', clients);
    if (isForAll) await lockInstallation(this.kit.units.sql);
  }

  private async rulesOf(client_id: string | null): Promise<RateRule[]> {
    const { units, rows } = this.kit;
    const read = () => rows.find(RateRule, { client_id });
    return (await units.remembered('rate_rules', `of ${client_id}`, read)) ?? [];
  }
}

/** A rule takes the place of others, so one that names nothing but where it holds would end what they say unasked. */
function requireWords({ hourly_rate, rounding, minimum_minutes, increment_minutes }: Body): void {
  if ((hourly_rate ?? rounding ?? minimum_minutes ?? increment_minutes) === undefined)
    throw ValidationError.of(
      'hourly_rate',
      'is required, or rounding or minimum_minutes: a rule says something (`rounding: none`, that nothing is rounded)',
      'required',
    );
}

/** What would do nothing is not accepted in silence; a rule from before may stay as it is. */
function requireRounding(row: RateRule, before?: RateRule): void {
  const { rounding, increment_minutes } = row;
  if (before?.rounding === rounding && before.increment_minutes === increment_minutes) return;
  if (rounding === 'none' && increment_minutes !== 1)
    throw ValidationError.of('rounding', 'must be up or nearest where there is an increment', 'required');
  if (rounding !== 'none' && increment_minutes === 1)
    throw ValidationError.of(
      'increment_minutes',
      'must be more than 1 where minutes are rounded',
      'required',
    );
}

/** What holds for every client is for those who see every client. */
function requireSight(row: RateRule): void {
  if (row.client_id === null && currentActor().client_access !== 'all')
    throw new AuthorizationError('Rules for every client are written by those who see every client', {
      field: 'client_id',
      resource_type: 'RateRule',
    });
}
