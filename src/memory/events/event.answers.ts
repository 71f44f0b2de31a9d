import { ApiProperty } from '@nestjs/swagger';

const STATUSES = ['stored', 'repeated', 'refused'] as const;

class EventError {
  @ApiProperty() error!: string;
  @ApiProperty({ example: 'validation' }) code!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) details!: object;
}

/** What became of one event. */
export class MemoryEventResult {
  @ApiProperty({ type: String, nullable: true, description: 'Null where the event has none that is valid' })
  key!: string | null;
  @ApiProperty({ enum: STATUSES, description: '`repeated`: it was taken before, and nothing has changed' })
  status!: (typeof STATUSES)[number];
  @ApiProperty({ required: false, description: 'Of the id', example: 'conversation_turn' })
  resource?: string;
  @ApiProperty({ required: false, format: 'uuid', description: 'Of the row that it became' })
  id?: string;
  @ApiProperty({ required: false, format: 'uuid' }) project_id?: string;
  @ApiProperty({ required: false, type: EventError, description: 'Why it was refused' })
  error?: EventError;
}

/** What became of the events of a request. */
export class MemoryEventResults {
  @ApiProperty({ type: [MemoryEventResult], description: 'In the order of the events' })
  results!: MemoryEventResult[];
  @ApiProperty({ type: 'integer' }) stored!: number;
  @ApiProperty({ type: 'integer' }) repeated!: number;
  @ApiProperty({ type: 'integer' }) refused!: number;
}

/** What a conversation about a project begins with. */
export class MemoryIndex {
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Null for an unknown project' })
  project_id!: string | null;
  @ApiProperty({
    description:
      'Where the project stands, what it is blocked by, what was decided last, and how the last conversation ended',
  })
  markdown!: string;
  @ApiProperty({ type: 'integer', description: 'Of `markdown`, as an estimate' }) tokens!: number;
}
