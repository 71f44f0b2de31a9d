import { ApiProperty } from '@nestjs/swagger';
import type { ReportFrame } from './report.js';

/** What every report says of itself, in the document. */
export abstract class ReportAnswer implements ReportFrame {
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) client_id!: string | null;
  @ApiProperty({ type: String, nullable: true }) client_name!: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'Null: as it is now' }) from!:
    string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'Included' }) to!: string | null;
  @ApiProperty({ example: 'Europe/Berlin', description: 'That of the client, else UTC' }) time_zone!: string;
  @ApiProperty({ format: 'date-time' }) made_at!: string;
  @ApiProperty({ type: 'integer', description: 'How many rows there are' }) rows_total!: number;
  @ApiProperty({ description: 'True where `rows` has the first of them alone; sums count all' })
  is_cut!: boolean;
}
