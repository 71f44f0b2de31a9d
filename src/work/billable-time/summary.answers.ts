import { ApiProperty } from '@nestjs/swagger';
import type { Summary } from './summaries.service.js';
import { type Amount, type Grouping, GROUPINGS, type SummaryGroup, type Totals } from './summary.js';

class AmountInCurrency implements Amount {
  @ApiProperty({ example: 'EUR' }) currency!: string;
  @ApiProperty({ example: '1234.50' }) amount!: string;
}

export class TimeTotals implements Totals {
  @ApiProperty({ type: 'integer', example: 3 }) entries!: number;
  @ApiProperty({ type: 'integer', example: 95 }) worked_minutes!: number;
  @ApiProperty({ type: 'integer', example: 120 }) billable_minutes!: number;
  @ApiProperty({ type: [AmountInCurrency], description: 'One for each currency' })
  amounts!: AmountInCurrency[];
  @ApiProperty({
    type: 'integer',
    example: 0,
    description: 'Billable entries that have no rate; in no amount',
  })
  without_rate!: number;
}

export class TimeGroup extends TimeTotals implements SummaryGroup {
  @ApiProperty({
    type: String,
    nullable: true,
    example: '2026-01',
    description:
      'An id, a labour type, a status, a day, a week (`2026-W05`) or a month; null for entries without one',
  })
  key!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'Of the client, user or project' })
  name!: string | null;
}

export class BillableTimeSummary implements Summary {
  @ApiProperty({ type: String, format: 'date', nullable: true }) from!: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true }) to!: string | null;
  @ApiProperty({ enum: GROUPINGS }) group_by!: Grouping;
  @ApiProperty({ type: [TimeGroup], description: 'In the order of their keys' }) groups!: TimeGroup[];
  @ApiProperty({ type: TimeTotals }) total!: TimeTotals;
}
