import { ApiProperty } from '@nestjs/swagger';

export class ImpactedService {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'Practice management' }) name!: string;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) client_id!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) infrastructure_id!: string | null;
  @ApiProperty({ example: 'running' }) status!: string;
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    example: 1,
    description: 'Relationships on the shortest path; 1 depends on the service itself',
  })
  path_length!: number;
}

export class Impact {
  @ApiProperty({ type: [ImpactedService], description: 'Nearest first' }) items!: ImpactedService[];
  @ApiProperty({ type: 'integer', example: 1, description: 'All that the caller sees' }) total!: number;
  @ApiProperty({ type: 'integer', example: 0 }) skip!: number;
  @ApiProperty({ type: 'integer', example: 100 }) limit!: number;
  @ApiProperty({ example: false, description: 'True when more than 100,000 relationships would be followed' })
  truncated!: boolean;
}
