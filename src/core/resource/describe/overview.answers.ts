import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

class OverviewItem {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'string', nullable: true, example: 'Firewall' }) name!: string | null;
  @ApiPropertyOptional({ description: 'Where its rows have one' }) status?: string;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) updated_at!: string;
}

/** The rows of one resource that belong to one row. */
export class OverviewOfResource {
  @ApiProperty({ example: 'credentials', description: 'The path of the resource' }) resource!: string;
  @ApiProperty({ example: 'client_id', description: 'The field by which they belong to the row' })
  field!: string;
  @ApiProperty({
    enum: ['runs', 'access', 'changes', 'problems', 'more'],
    description: 'Where the overview of an infrastructure item shows it',
  })
  part!: string;
  @ApiProperty({ type: 'integer', example: 12, description: 'How many the caller sees, up to 10,000' })
  total!: number;
  @ApiPropertyOptional({ type: 'boolean', description: 'True when there are more than `total`' })
  total_capped?: boolean;
  @ApiProperty({ type: [OverviewItem], maxItems: 5 }) newest!: OverviewItem[];
}
