import { Injectable } from '@nestjs/common';
import { AppSettings } from '../../core/config/settings.js';
import { ValidationError } from '../../core/context/errors.js';
import { ResourceKit } from '../../core/resource/kit.js';
import type { Body } from '../../core/resource/resource.service.js';
import { Client } from '../../directory/clients/client.entity.js';
import { EMERGENCY } from '../money/labour.js';
import type { RateRule } from '../rate-rules/rate-rule.entity.js';
import { RateRulesService } from '../rate-rules/rate-rules.service.js';
import type { BillableTime, RateSource } from './billable-time.entity.js';

/**
 * What an hour of an entry costs: its own rate, else that of the most specific rule, else that of the client, else
 * that of the settings. It is kept on the entry, and found anew when what it depends on changes there.
 */
@Injectable()
export class Prices {
  constructor(
    private readonly kit: ResourceKit,
    private readonly rules: RateRulesService,
    private readonly settings: AppSettings,
  ) {}

  /** The client of an entry, which is known to be there. */
  async clientOf({ client_id }: Pick<BillableTime, 'client_id'>): Promise<Client> {
    const { units, rows } = this.kit;
    const client = await units.remembered('clients', `prices of ${client_id}`, () =>
      rows.findOne(Client, { id: client_id }),
    );
    if (!client) throw ValidationError.of('client_id', 'refers to nothing that exists', 'reference');
    return client;
  }

  /** Gives an entry its rate, currency, multiplier and rule. */
  async price(row: BillableTime, before: BillableTime | undefined, body: Body): Promise<void> {
    const client = await this.clientOf(row);
    const currency = client.currency ?? this.settings.DEFAULT_CURRENCY;
    const isFound = !before || isMoved(row, before) || body.hourly_rate === null;
    const isOwn = isOwnRate(row, before);
    if (isFound) {
      const rule = await this.rules.ruleFor(row.client_id, row.labour_type, row.work_date);
      row.rounding = rule ? appliedOf(rule) : null;
      if (!isOwn) {
        [row.hourly_rate, row.rate_source] = this.resolved(rule, client);
        if (body.currency === undefined) row.currency = currency;
      }
    }
    if (isOwn) row.rate_source = 'entry';
    row.currency ??= currency;
    const isPaidIn = isFound || row.currency !== before.currency;
    if (!isOwn && isPaidIn && row.currency !== currency)
      throw ValidationError.of(
        'currency',
        'is not that of the client: give hourly_rate in it, too',
        'currency',
      );
    const isAsBefore = before ? row.multiplier === before.multiplier : body.multiplier === undefined;
    if (isAsBefore && (!before || before.multiplier === multiplierOf(before)))
      row.multiplier = multiplierOf(row);
  }

  private resolved(rule: RateRule | undefined, client: Client): [string | null, RateSource | null] {
    if (rule?.hourly_rate)
      return [rule.hourly_rate, rule.labour_type === 'emergency' ? 'emergency_rule' : 'rule'];
    if (client.default_hourly_rate !== null) return [client.default_hourly_rate, 'client'];
    const { DEFAULT_HOURLY_RATE } = this.settings;
    return DEFAULT_HOURLY_RATE === undefined ? [null, null] : [DEFAULT_HOURLY_RATE, 'settings'];
  }
}

/** Whether somebody gave the rate; one that is sent back as it was found is not given. */
function isOwnRate(row: BillableTime, before: BillableTime | undefined): boolean {
  if (row.hourly_rate === null) return false;
  return row.hourly_rate !== before?.hourly_rate || before.rate_source === 'entry';
}

function isMoved(row: BillableTime, before: BillableTime): boolean {
  return (['client_id', 'labour_type', 'work_date'] as const).some(name => row[name] !== before[name]);
}

function appliedOf(rule: RateRule): NonNullable<BillableTime['rounding']> {
  const { id, increment_minutes, minimum_minutes, rounding, scope } = rule;
  return { rate_rule_id: id, increment_minutes, minimum_minutes, rounding, scope };
}

/** Emergencies cost half as much again, once; a rule for emergencies says what they cost instead. */
function multiplierOf({ labour_type, rate_source }: BillableTime): string {
  return labour_type === 'emergency' && rate_source !== 'emergency_rule' ? EMERGENCY : '1.00';
}
