import { ApiProperty } from '@nestjs/swagger';

export class LinkedAsset {
  @ApiProperty({ example: 'infrastructure', description: 'The path of its resource' }) resource!: string;
  @ApiProperty({ format: 'uuid' }) resource_id!: string;
  @ApiProperty({ example: 'hdg-hv01' }) name!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was linked' }) created_at!: string;
}

export class LinkedAssets {
  @ApiProperty({ type: [LinkedAsset], maxItems: 1000, description: 'Oldest first' }) items!: LinkedAsset[];
}
