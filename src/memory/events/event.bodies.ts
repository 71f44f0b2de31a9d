import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { IfSent, Normalized } from '../../core/resource/bodies/body-decorators.js';
import { MAX_TAGS } from '../../core/resource/tags/tagging.js';
import { HasVisible, IsInstant, IsVisible } from '../../core/table/validators.js';

const KINDS = ['turn', 'tool', 'stop', 'compact', 'checkpoint', 'note'] as const;
export type Kind = (typeof KINDS)[number];
const SOURCES_OF_EVENTS = ['hook', 'import', 'mcp', 'api'] as const;

/** Events of one request. */
const MOST_EVENTS = 200;
/** Characters of one text; what is kept of it is what a column holds. */
const MOST_OF_TEXT = 262_144;
const MOST_FILES = 1_000;
/** What the key of an event is made of. */
export const EVENT_KEY = /^[A-Za-z0-9._:-]{1,128}$/;

/** A line that may be left out. */
const Line = (max: number, description?: string): PropertyDecorator => {
  const decorators = [
    ApiPropertyOptional({ minLength: 1, maxLength: max, description }),
    IfSent(),
    Normalized({ column: { length: max } }),
    IsString(),
    MinLength(1),
    MaxLength(max),
    IsVisible(),
  ];
  return (prototype, key) => decorators.forEach(decorate => decorate(prototype, key));
};

/** Where something is worked on. */
export class EventProject {
  @ApiProperty({ minLength: 1, maxLength: 255, example: 'tool' })
  @Normalized({ column: { length: 255 } })
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  @IsVisible()
  name!: string;

  @Line(
    500,
    'A git remote, in whichever of its forms: the project that has it; without it, that of the name without a remote',
  )
  remote?: string;

  @Line(500, 'Where it is on that computer')
  path?: string;
}

/** How the files stood. */
export class EventGit {
  @Line(255) branch?: string;
  @Line(64) commit?: string;

  @ApiPropertyOptional({ type: [String], maxItems: MOST_FILES })
  @IfSent()
  @IsArray()
  @ArrayMaxSize(MOST_FILES)
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(1_000, { each: true })
  changed_files?: string[];
}

/** Something that happened in a conversation. */
export class MemoryEventBody {
  @ApiProperty({
    pattern: EVENT_KEY.source,
    description: 'Of this event, among all of its user: the same key again changes nothing',
    example: 'a3f1:42',
  })
  @IsString()
  @Matches(EVENT_KEY, {
    message: 'must be 1 to 128 letters, digits, dots, underscores, colons and hyphens',
  })
  key!: string;

  @ApiProperty({ enum: KINDS })
  @IsIn([...KINDS])
  kind!: Kind;

  @ApiProperty({ format: 'date-time', description: 'When it happened' })
  @Normalized()
  @IsInstant()
  at!: string;

  @ApiProperty({
    minLength: 1,
    maxLength: 255,
    description: 'Of the conversation, as its host names it',
    example: '5f0c2a5b',
  })
  @Normalized({ column: { length: 255 } })
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  @IsVisible()
  session_key!: string;

  @ApiProperty({ type: EventProject, description: 'One that is not known is registered' })
  @IsObject()
  @ValidateNested()
  @Type(() => EventProject)
  project!: EventProject;

  @ApiPropertyOptional({ enum: SOURCES_OF_EVENTS, default: 'api' })
  @IfSent()
  @IsIn([...SOURCES_OF_EVENTS])
  source?: (typeof SOURCES_OF_EVENTS)[number];

  @ApiProperty({
    minLength: 1,
    maxLength: MOST_OF_TEXT,
    description:
      'What was said, done or summed up, without what was recalled into it; the first 65,535 characters are kept, of a tool one line',
  })
  @IsString()
  @MaxLength(MOST_OF_TEXT)
  @HasVisible(1)
  text!: string;

  @ApiPropertyOptional({
    enum: ['user', 'assistant', 'tool'],
    example: 'user',
    description: 'Of a turn, which needs it; whatever a tool did is said by the tool',
  })
  @IfSent()
  @IsIn(['user', 'assistant', 'tool'])
  speaker?: 'user' | 'assistant' | 'tool';

  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Its place in the conversation' })
  @IfSent()
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  sequence?: number;

  @Line(500, 'Of what is summed up, put down or noted; made from the text when absent')
  title?: string;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: 100, pattern: '^[^,]+$' },
    maxItems: MAX_TAGS,
  })
  @IfSent()
  @IsArray()
  @ArrayMaxSize(MAX_TAGS)
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(100, { each: true })
  @Matches(/^[^,]+$/, { each: true, message: 'each must have no comma' })
  @IsVisible({ each: true })
  tags?: string[];

  @ApiPropertyOptional({ type: EventGit })
  @IfSent()
  @IsObject()
  @ValidateNested()
  @Type(() => EventGit)
  git?: EventGit;
}

/** What a client has gathered, in the order in which it happened. */
export class MemoryEventsBody {
  @ApiProperty({ type: [MemoryEventBody], minItems: 1, maxItems: MOST_EVENTS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_EVENTS)
  @IsObject({ each: true })
  // As they came: each is a body of its own, and is validated when its turn comes.
  @Transform(({ obj }: { obj: MemoryEventsBody }) => obj.events)
  events!: object[];
}
