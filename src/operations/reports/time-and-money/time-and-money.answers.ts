import { ApiProperty } from '@nestjs/swagger';
import { STATUSES } from '../../../work/billable-time/billable-time.entity.js';
import { TimeGroup, TimeTotals } from '../../../work/billable-time/summary.answers.js';
import { ReportAnswer } from '../report.answers.js';

class ClientMonth {
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) client_id!: string | null;
  @ApiProperty({ type: String, nullable: true }) client_name!: string | null;
  @ApiProperty({ example: '2026-01' }) month!: string;
  @ApiProperty({ type: 'integer' }) entries!: number;
  @ApiProperty({ type: 'integer' }) worked_minutes!: number;
  @ApiProperty({ type: 'integer' }) billable_minutes!: number;
  @ApiProperty({ example: 'EUR' }) currency!: string;
  @ApiProperty({ example: '1234.50' }) amount!: string;
  @ApiProperty({ example: '60.00', description: 'What of `amount` is a draft or submitted' })
  not_approved!: string;
  @ApiProperty({ type: 'integer', description: 'Billable entries that have no rate; in no amount' })
  without_rate!: number;
}

export class TimeAndMoney extends ReportAnswer {
  @ApiProperty({
    enum: STATUSES,
    isArray: true,
    nullable: true,
    description: 'Entries of these alone, as was asked; null: of all',
  })
  status!: string[] | null;
  @ApiProperty({ type: [ClientMonth], description: 'One for each client, month and currency' })
  rows!: ClientMonth[];
  @ApiProperty({ type: [TimeGroup], description: 'The key is the id of the client' }) by_client!: TimeGroup[];
  @ApiProperty({ type: [TimeGroup], description: 'The key is the month' }) by_month!: TimeGroup[];
  @ApiProperty({
    type: [TimeGroup],
    description: 'The key is the status, in the order that entries go through',
  })
  by_status!: TimeGroup[];
  @ApiProperty({ type: TimeTotals }) total!: TimeTotals;
  @ApiProperty({ type: TimeTotals, description: 'What of the total is a draft or submitted' })
  not_approved!: TimeTotals;
}
