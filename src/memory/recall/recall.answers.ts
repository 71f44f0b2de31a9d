import { ApiProperty } from '@nestjs/swagger';
import type { ScoreParts } from './ranking/rank.js';
import { RECALLED } from './sources.js';

/** Why an item has its score. */
export class RecallScoreParts implements ScoreParts {
  @ApiProperty({
    description: 'The share of the terms of the question that it has, by BM25; 1 for all of them once',
  })
  terms!: number;
  @ApiProperty({ description: 'From what was said just before and after it' }) neighbours!: number;
  @ApiProperty({ description: 'From the rest of its conversation' }) conversation!: number;
  @ApiProperty({
    description: 'Exact names and dates of the question that it has, the client and the tags that it names',
  })
  names!: number;
  @ApiProperty({
    description: 'Importance, recency and usage, 0.7 to 1: the sum of the parts before is multiplied by it',
  })
  factor!: number;
  @ApiProperty({
    description:
      'Below 1 for what was asked, and for what a tool did: neither is an answer. Multiplied as well',
  })
  speech!: number;
  @ApiProperty({ description: '0.5 for what is superseded or expired, 1 otherwise: multiplied as well' })
  standing!: number;
  @ApiProperty({
    description:
      'How likely it is that the question is about anything that is stored, as the logarithm of the odds: the best item ' +
      'has these odds as its score (0 is 5 of 10), the others less, by what they have of what the best has',
  })
  certainty!: number;
  @ApiProperty({
    required: false,
    description: 'Points that it has because it took the place of what has more: that never stands above it',
  })
  replaces?: number;
}

export class RecalledItem {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: RECALLED, description: 'The resource of the id' }) type!: string;
  @ApiProperty({ type: String, nullable: true }) title!: string | null;
  @ApiProperty() text!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was said, decided or written' }) at!: string;
  @ApiProperty({ minimum: 0, maximum: 10 }) score!: number;
  @ApiProperty({
    type: String,
    nullable: true,
    enum: ['superseded', 'expired', null],
    description: 'Why it does not hold any more',
  })
  label!: 'superseded' | 'expired' | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) client_id!: string | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) project_id!: string | null;
  @ApiProperty({ type: RecallScoreParts, required: false, description: 'With `explain`' })
  parts?: RecallScoreParts;
}

/** What recall answers with. */
export class Recall {
  @ApiProperty({
    type: [RecalledItem],
    description: 'The best first; none where nothing is known well enough',
  })
  items!: RecalledItem[];
  @ApiProperty({
    description: 'The items as text for an assistant, inside the budget; empty where there are none',
  })
  markdown!: string;
  @ApiProperty({ type: 'integer', description: 'Of `markdown`, as an estimate' }) tokens!: number;
  @ApiProperty({ type: 'integer', description: 'Items for which the budget had no room' }) left_out!: number;
}
