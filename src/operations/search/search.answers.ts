import { ApiProperty } from '@nestjs/swagger';
import type { Hit } from './search-hits.service.js';
import type { SearchResult } from './search.service.js';

class SearchHit implements Hit {
  @ApiProperty({ example: 'sites', description: 'The path of the resource' }) resource!: string;
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'string', nullable: true, description: 'What the row is called by; its beginning' })
  name!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) client_id!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) client_name!: string | null;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The field that has most of the words; null where that is far behind in a long text',
  })
  field!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'A line of that field' }) snippet!:
    string | null;
}

export class SearchAnswer implements SearchResult {
  @ApiProperty({ type: [SearchHit], description: 'The rows of a kind together, the best kind and row first' })
  items!: SearchHit[];
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { sites: 3 },
    description: 'How many rows fit, by the path of their resource',
  })
  counts!: Record<string, number>;
  @ApiProperty({
    type: [String],
    description:
      'Kinds of which there may be more: very many rows have these words, or the index is being made',
  })
  incomplete!: string[];
}
