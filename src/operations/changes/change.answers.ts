import { ApiProperty } from '@nestjs/swagger';
import type { Change } from './change.js';
import type { ChangesPage } from './changes.service.js';
import { CHANGE_KINDS, type ChangeKind } from './row-entry.js';

class ChangeAnswer implements Change {
  @ApiProperty({ type: 'integer', description: 'The place in the trail, from 1, without gaps' }) seq!: number;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ example: 'sites', description: 'The path of the resource' }) resource!: string;
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({
    enum: CHANGE_KINDS,
    description:
      'A row that comes to clients whom the caller sees is created, and one that leaves them deleted',
  })
  kind!: ChangeKind;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Of the row, from then on; null in entries of releases that did not keep it',
  })
  version!: number | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) client_id!: string | null;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: {}, minItems: 2, maxItems: 2 },
    description: 'What is not secret, as [before, after]; a custom field is `custom_fields.<key>`',
    example: { name: ['Quay', 'Harbour'] },
  })
  changes!: Record<string, [unknown, unknown]>;
  @ApiProperty({
    description:
      'False where `changes` is not all of it (long texts are cut, and a row that comes was made before): get the row',
  })
  is_complete!: boolean;
}

export class ChangesAnswer implements ChangesPage {
  @ApiProperty({ type: [ChangeAnswer], description: 'In the order of `seq`' }) items!: ChangeAnswer[];
  @ApiProperty({ type: 'integer', description: 'What to ask with next; below `head`, there is more' })
  after!: number;
  @ApiProperty({ type: 'integer', description: 'The last place that is given by now' }) head!: number;
}
