import { Injectable } from '@nestjs/common';
import { type FieldFault, ValidationError } from '../../core/context/errors.js';
import { nextInOrder, requireRoom } from '../../core/resource/structure/siblings.js';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import { InfrastructureService } from '../infrastructure/infrastructure.service.js';
import { type Analysis, analyse } from './analysis.js';
import { FirewallRule, MOST_RULES } from './firewall-rule.entity.js';
import { familyOf } from './packets.js';
import { areOrdered } from './ports.js';

@Injectable()
export class FirewallRulesService extends ResourceService(FirewallRule) {
  constructor(private readonly infrastructure: InfrastructureService) {
    super();
  }

  /**
   * Gives the rules of a device the numbers 1, 2, 3 … in the order of these ids, which are all of its rules; 409
   * otherwise, since somebody may have added or deleted one. Answers with the rules in that order.
   */
  reorder(infrastructure_id: string, ids: string[]): Promise<View<FirewallRule>[]> {
    return this.kit.units.run(async () => {
      const device = await this.infrastructure.find(infrastructure_id.toLowerCase(), true);
      const rules = new Map<string, FirewallRule>();
      for await (const rule of this.all({ infrastructure_id: device.id })) rules.set(rule.id, rule);
      const wanted = new Set(ids.map(id => rules.get(id.toLowerCase())).filter(rule => rule !== undefined));
      if (wanted.size < ids.length || wanted.size < rules.size)
        throw this.conflict('The ids must be those of all rules of the device', device, 'ids');
      // Out of each other's way first: at no time may two rules have the same number.
      await this.negate(device.id, '> 0');
      const ordered: FirewallRule[] = [];
      for (const [index, rule] of [...wanted].entries())
        ordered.push(
          rule.rule_order === index + 1
            ? rule
            : await this.change(rule, { rule_order: index + 1 }, 'reorder'),
        );
      await this.negate(device.id, '< 0');
      return Promise.all(ordered.map(rule => this.viewOf(rule)));
    });
  }

  /** Of the rules that are enabled, in their order. */
  async analysis(infrastructure_id: string): Promise<Analysis> {
    await this.infrastructure.find(infrastructure_id);
    const rules: FirewallRule[] = [];
    for await (const rule of this.all({ infrastructure_id, enabled: true })) rules.push(rule);
    return analyse(rules.sort((one, other) => one.rule_order - other.rule_order));
  }

  protected override async fill(
    row: FirewallRule,
    before: FirewallRule | undefined,
    body: Body,
  ): Promise<void> {
    const isNew = before?.infrastructure_id !== row.infrastructure_id;
    if (isNew && body.rule_order === undefined)
      row.rule_order = await nextInOrder(this.kit, this.spec, 'rule_order', 'infrastructure_id', row);
  }

  protected override async check(row: FirewallRule, before?: FirewallRule): Promise<void> {
    checkMatch(row);
    // What is analysed and reordered at once is bounded.
    if (before?.infrastructure_id !== row.infrastructure_id)
      await requireRoom(
        this.kit,
        this.spec,
        'infrastructure_id',
        row,
        MOST_RULES,
        `A device has at most ${MOST_RULES} rules`,
      );
  }

  private async negate(infrastructure_id: string, which: '> 0' | '< 0'): Promise<void> {
    const text = `UPDATE firewall_rules SET rule_order = -rule_order WHERE infrastructure_id = ? AND rule_order ${which}`;
    await this.kit.units.sql.change(text, [infrastructure_id]);
  }
}

/** Addresses of one family, ports only where the protocol has them, ranges that begin before they end. */
function checkMatch(row: FirewallRule): void {
  const faults: FieldFault[] = [];
  const { source_cidr, destination_cidr, source_port, destination_port } = row;
  if (
    source_cidr !== null &&
    destination_cidr !== null &&
    familyOf({ ...row, source_cidr: null }) !== familyOf(row)
  )
    faults.push({
      field: 'destination_cidr',
      message: 'must be of the same address family as source_cidr',
      rule: 'family',
    });
  for (const [field, ports] of Object.entries({ source_port, destination_port })) {
    if (ports !== null && row.protocol === 'icmp')
      faults.push({ field, message: 'must be null: ICMP has no ports', rule: 'protocol' });
    if (!areOrdered(ports))
      faults.push({ field, message: 'has a range that ends before it begins', rule: 'order' });
  }
  if (faults.length > 0) throw new ValidationError(faults);
}
