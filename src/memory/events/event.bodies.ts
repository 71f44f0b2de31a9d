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
import {
  EVENT_KEY,
  EVENT_KINDS,
  EVENT_SOURCES,
  type EventKind,
  type EventSource,
  type MemoryEvent,
  MOST_EVENTS,
  MOST_OF_EVENT as MOST,
  type Speaker,
  SPEAKERS,
} from '../../formats/memory-event.js';
import { MAX_TAGS } from '../../core/resource/tags/tagging.js';
import { HasVisible, IsInstant, IsVisible } from '../../core/table/validators.js';

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
  @ApiProperty({ minLength: 1, maxLength: MOST.project_name, example: 'tool' })
  @Normalized({ column: { length: MOST.project_name } })
  @IsString()
  @MinLength(1)
  @MaxLength(MOST.project_name)
  @IsVisible()
  name!: string;

  @Line(
    MOST.remote,
    'A git remote, in whichever of its forms: the project that has it; without it, that of the name without a remote',
  )
  remote?: string;

  @Line(MOST.path, 'Where it is on that computer')
  path?: string;
}

/** How the files stood. */
export class EventGit {
  @Line(MOST.branch) branch?: string;
  @Line(MOST.commit) commit?: string;

  @ApiPropertyOptional({ type: [String], maxItems: MOST.changed_files })
  @IfSent()
  @IsArray()
  @ArrayMaxSize(MOST.changed_files)
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(MOST.changed_file, { each: true })
  changed_files?: string[];
}

/** Something that happened in a conversation. */
export class MemoryEventBody implements MemoryEvent {
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

  @ApiProperty({ enum: EVENT_KINDS })
  @IsIn(EVENT_KINDS)
  kind!: EventKind;

  @ApiProperty({ format: 'date-time', description: 'When it happened' })
  @Normalized()
  @IsInstant()
  at!: string;

  @ApiProperty({
    minLength: 1,
    maxLength: MOST.session_key,
    description: 'Of the conversation, as its host names it',
    example: '5f0c2a5b',
  })
  @Normalized({ column: { length: MOST.session_key } })
  @IsString()
  @MinLength(1)
  @MaxLength(MOST.session_key)
  @IsVisible()
  session_key!: string;

  @ApiProperty({ type: EventProject, description: 'One that is not known is registered' })
  @IsObject()
  @ValidateNested()
  @Type(() => EventProject)
  project!: EventProject;

  @ApiPropertyOptional({ enum: EVENT_SOURCES, default: 'api' })
  @IfSent()
  @IsIn([...EVENT_SOURCES])
  source?: EventSource;

  @ApiProperty({
    minLength: 1,
    maxLength: MOST.text,
    description:
      'What was said, done or summed up, without what was recalled into it; the first 65,535 characters are kept, of a tool one line',
  })
  @IsString()
  @MaxLength(MOST.text)
  @HasVisible(1)
  text!: string;

  @ApiPropertyOptional({
    enum: SPEAKERS,
    example: 'user',
    description: 'Of a turn, which needs it; whatever a tool did is said by the tool',
  })
  @IfSent()
  @IsIn([...SPEAKERS])
  speaker?: Speaker;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Its place in the conversation' })
  @IfSent()
  @IsInt()
  @Min(0)
  @Max(MOST.sequence)
  sequence?: number;

  @Line(MOST.title, 'Of what is summed up, put down or noted; made from the text when absent')
  title?: string;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: MOST.tag, pattern: '^[^,]+$' },
    maxItems: MAX_TAGS,
  })
  @IfSent()
  @IsArray()
  @ArrayMaxSize(MAX_TAGS)
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(MOST.tag, { each: true })
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
