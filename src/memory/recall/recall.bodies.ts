import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { IfSent, Normalized } from '../../core/resource/bodies/body-decorators.js';
import { IsInstant } from '../../core/table/validators.js';
import { RECALLED } from './sources.js';

/** The longest question; what is longer is a prompt whose beginning tells enough. */
const MOST_OF_QUERY = 20_000;

const FORMATS = ['json', 'markdown'] as const;

/** What is looked for, and where. */
export class RecallBody {
  @ApiProperty({
    maxLength: MOST_OF_QUERY,
    description: 'In plain words; nothing in it is query syntax',
    example: 'why was the firewall of Acme replaced?',
  })
  @IsString()
  @MaxLength(MOST_OF_QUERY)
  query!: string;

  @ApiProperty({ required: false, format: 'uuid' })
  @IfSent()
  @IsUUID('all')
  project_id?: string;

  @ApiProperty({
    required: false,
    minLength: 1,
    maxLength: 500,
    description:
      'Instead of `project_id`: a git remote in any of its forms; nothing is known of one that is not there',
  })
  @IfSent()
  @Normalized({ column: { length: 500 } })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  project_remote?: string;

  @ApiProperty({
    required: false,
    minLength: 1,
    maxLength: 255,
    description: 'Instead of `project_id`: of a project without a remote, where `project_remote` names none',
  })
  @IfSent()
  @Normalized({ column: { length: 255 } })
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  project_name?: string;

  @ApiProperty({ required: false, format: 'uuid' })
  @IfSent()
  @IsUUID('all')
  client_id?: string;

  @ApiProperty({
    required: false,
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    maxItems: 200,
    description: 'Rows that are known already, and not told again',
  })
  @IfSent()
  @IsArray()
  @ArrayMaxSize(200)
  @IsUUID('all', { each: true })
  exclude_ids?: string[];

  @ApiProperty({
    required: false,
    minLength: 1,
    maxLength: 255,
    description: 'The conversation that asks: what was said in it, it knows',
  })
  @IfSent()
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  exclude_session_key?: string;

  @ApiProperty({
    required: false,
    format: 'date-time',
    description: 'Since when that conversation knows what was said in it; from its beginning when absent',
  })
  @IfSent()
  @Normalized()
  @IsInstant()
  exclude_session_since?: string;

  @ApiProperty({ required: false, type: [String], description: 'Rows that have one of these tags' })
  @IfSent()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  tags?: string[];

  @ApiProperty({
    required: false,
    isArray: true,
    enum: RECALLED,
    description: 'These resources; all when absent',
  })
  @IfSent()
  @IsArray()
  @ArrayMaxSize(RECALLED.length)
  @IsIn(RECALLED, { each: true })
  types?: string[];

  @ApiProperty({ required: false, minimum: 1, maximum: 50, default: 10, type: 'integer' })
  @IfSent()
  @IsInt()
  @Min(1)
  @Max(50)
  limit?: number;

  @ApiProperty({
    required: false,
    minimum: 0,
    maximum: 10,
    default: 5,
    description: 'What has a lower score is left out: an empty answer says that nothing is known',
  })
  @IfSent()
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(10)
  min_relevance_score?: number;

  @ApiProperty({
    required: false,
    minimum: 50,
    maximum: 20_000,
    default: 1000,
    type: 'integer',
    description: 'Of `markdown`, as an estimate',
  })
  @IfSent()
  @IsInt()
  @Min(50)
  @Max(20_000)
  max_tokens?: number;

  @ApiProperty({
    required: false,
    enum: FORMATS,
    default: 'json',
    description: '`markdown` answers with the text alone',
  })
  @IfSent()
  @IsIn([...FORMATS])
  format?: (typeof FORMATS)[number];

  @ApiProperty({ required: false, format: 'date-time', description: 'As it was known then' })
  @IfSent()
  @Normalized()
  @IsInstant()
  as_of?: string;

  @ApiProperty({ required: false, default: false, description: 'With the parts of each score' })
  @IfSent()
  @IsBoolean()
  explain?: boolean;
}
