import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsUUID } from 'class-validator';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { resourceOf } from '../../core/resource/resource.js';
import { IsWithoutRepeats } from '../../core/table/validators.js';
import { FINDINGS } from './findings.js';
import { FirewallRule, MOST_RULES } from './firewall-rule.entity.js';

export class ReorderFirewallRulesBody {
  @ApiProperty({ format: 'uuid', description: 'The device' })
  @IsUUID('all')
  infrastructure_id!: string;

  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    minItems: 1,
    maxItems: MOST_RULES,
    uniqueItems: true,
    description: 'All rules of the device, in their new order',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_RULES)
  @IsWithoutRepeats()
  @IsUUID('all', { each: true })
  ids!: string[];
}

export class OrderedFirewallRules {
  @ApiProperty({ type: () => [bodiesOf(resourceOf(FirewallRule)).view], description: 'In their new order' })
  items!: FirewallRule[];
}

class FirewallFinding {
  @ApiProperty({ format: 'uuid' }) rule_id!: string;
  @ApiProperty({ type: 'integer', example: 20 }) rule_order!: number;
  @ApiProperty({
    enum: [...FINDINGS],
    description:
      'shadowed: earlier rules decide all of its packets; half_shadowed: one earlier rule decides all of IPv4 or all of IPv6 of it; duplicate: it repeats an earlier rule; any_any: it allows everything',
  })
  kind!: string;
  @ApiProperty({ example: 'Every packet that it matches is already decided by rule 10 (deny)' })
  reason!: string;
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    description: 'The earlier rules that are the reason, the first 20 of them',
  })
  by!: string[];
}

export class FirewallAnalysis {
  @ApiProperty({ type: [FirewallFinding], description: 'By the order of the rules' })
  findings!: FirewallFinding[];
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    example: [],
    description:
      'Rules that several others together might shadow, which would have taken too long to find out; all else is exact',
  })
  undecided!: string[];
}
