import { ApiProperty } from '@nestjs/swagger';
import { ReportAnswer } from '../report.answers.js';

export const AGES = ['under_1', '1_to_3', '3_to_5', '5_or_more', 'unknown'] as const;
export const WARRANTIES = ['over', 'ends_soon', 'holds', 'unknown'] as const;
export type Age = (typeof AGES)[number];
export type Warranty = (typeof WARRANTIES)[number];

const numbers = (names: readonly string[], description: string) => ({
  type: 'object' as const,
  description,
  properties: Object.fromEntries(names.map(one => [one, { type: 'integer' as const }])),
  required: [...names],
});

class Asset {
  @ApiProperty({ format: 'uuid' }) infrastructure_id!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) client_id!: string | null;
  @ApiProperty({ type: String, nullable: true }) client_name!: string | null;
  @ApiProperty() hostname!: string;
  @ApiProperty({ example: 'physical_server' }) asset_type!: string;
  @ApiProperty({ type: String, nullable: true }) manufacturer!: string | null;
  @ApiProperty({ type: String, nullable: true }) model!: string | null;
  @ApiProperty({ type: String, nullable: true }) serial_number!: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true }) purchased_on!: string | null;
  @ApiProperty({
    type: 'number',
    nullable: true,
    description: 'Years since then, of one decimal',
    example: 2.5,
  })
  age_years!: number | null;
  @ApiProperty({ type: String, format: 'date', nullable: true }) warranty_expires_on!: string | null;
  @ApiProperty({ enum: WARRANTIES, description: '`ends_soon`: within 90 days' }) warranty!: Warranty;
}

class AssetsOfClient {
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) client_id!: string | null;
  @ApiProperty({ type: String, nullable: true }) client_name!: string | null;
  @ApiProperty({ type: 'integer' }) assets!: number;
  @ApiProperty({ type: 'integer', description: 'Whose warranty is over' }) over!: number;
  @ApiProperty({ type: 'integer' }) ends_soon!: number;
  @ApiProperty({ type: 'integer', description: 'Of five years and more' }) old!: number;
}

export class EstateByAge extends ReportAnswer {
  @ApiProperty({ type: [Asset], description: 'The warranty that ended or ends first before the others' })
  rows!: Asset[];
  @ApiProperty(numbers(AGES, 'Assets, by years since their purchase')) by_age!: Record<Age, number>;
  @ApiProperty(numbers(WARRANTIES, 'Assets')) by_warranty!: Record<Warranty, number>;
  @ApiProperty({ type: [AssetsOfClient], description: 'Most warranties that are over first; at most 1,000' })
  by_client!: AssetsOfClient[];
}
