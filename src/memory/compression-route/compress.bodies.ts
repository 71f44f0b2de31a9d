import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IfSent } from '../../core/resource/bodies/body-decorators.js';
import { IsInstant } from '../../core/table/validators.js';
import { type Speaker, SPEAKERS } from '../../formats/memory-event.js';
import { CHANGE_TYPES, type ChangeType } from '../compression/file-changes.js';
import { isList, STATE_NAMES, type StateOfProject } from '../compression/project-state.js';
import { CATEGORIES, type SnippetCategory } from '../compression/snippet.js';

const MOST_OF_TEXT = 65_535;
const MOST_ITEMS = 200;

const all =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (prototype, key) =>
    decorators.forEach(decorate => decorate(prototype, key));
const TextOf = (max = MOST_OF_TEXT) => all(IsString(), MaxLength(max));
const Texts = (max = 500) =>
  all(
    IsOptional(),
    IsArray(),
    ArrayMaxSize(MOST_ITEMS),
    IsString({ each: true }),
    MaxLength(max, { each: true }),
  );
const AsItCame = (name: string) => Transform(({ obj }: { obj: Record<string, unknown> }) => obj[name]);
const Between = (min: number, max: number) =>
  all(IfSent(), IsNumber({ allowNaN: false, allowInfinity: false }), Min(min), Max(max));
const WholeBetween = (min: number, max: number) => all(IfSent(), IsInt(), Min(min), Max(max));

export class TextInput {
  @TextOf() text!: string;
}

export class DatedText extends TextInput {
  @IfSent() @IsInstant() at?: string;
}

class TurnInput extends DatedText {
  @IsIn([...SPEAKERS]) speaker!: Speaker;
}

export class SummaryInput {
  @IfSent() @TextOf() text?: string;
  @IfSent()
  @IsArray()
  @ArrayMaxSize(MOST_ITEMS)
  @ValidateNested({ each: true })
  @Type(() => TurnInput)
  turns?: TurnInput[];
  @IfSent() @IsInstant() at?: string;
}

export class SnippetInput extends DatedText {
  @IfSent() @TextOf(500) title?: string;
  @IfSent() @IsIn([...CATEGORIES]) category?: SnippetCategory;
  @Texts(100) tags?: string[];
  @WholeBetween(1, 10) importance?: number;
}

class StateInput {
  @IsOptional() @IsInt() @Min(0) @Max(100) progress_percent?: number | null;
}
interface StateInput extends StateOfProject {}
for (const name of STATE_NAMES)
  (isList(name) ? Texts() : all(IsOptional(), TextOf()))(StateInput.prototype, name);

export class ProjectStateInput {
  @IsObject() @ValidateNested() @Type(() => StateInput) state!: StateInput;
  @WholeBetween(1, MOST_ITEMS) most?: number;
}

export class RelevanceInput {
  @IsNumber({ allowNaN: false, allowInfinity: false }) @Min(0) @Max(10) importance!: number;
  @IsInstant() at!: string;
  @WholeBetween(0, 2_147_483_647) usage_count?: number;
  @Between(1, 3_650) half_life_days?: number;
}

export class MergeInput {
  @IsArray()
  @ArrayMaxSize(MOST_ITEMS)
  @IsObject({ each: true })
  @AsItCame('contexts')
  contexts!: Record<string, unknown>[];
}

class ItemInput extends TextInput {
  @TextOf(100) id!: string;
  @TextOf(60) type!: string;
  @IsOptional() @TextOf(500) title?: string | null;
  @IsInstant() at!: string;
  @Between(0, 10) score?: number;
  @IsOptional() @TextOf(60) label?: string | null;
}

export class InjectionInput {
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => ItemInput)
  items!: ItemInput[];
  @IsInt() @Min(50) @Max(20_000) max_tokens!: number;
}

class ChangeInput {
  @TextOf(1_000) path!: string;
  @IfSent() @IsIn([...CHANGE_TYPES]) change_type?: ChangeType;
  @WholeBetween(0, 2_147_483_647) additions?: number;
  @WholeBetween(0, 2_147_483_647) deletions?: number;
}

export class FileChangesInput {
  @IsArray()
  @ArrayMaxSize(5_000)
  @ValidateNested({ each: true })
  @Type(() => ChangeInput)
  // A path alone is a change of its file.
  @Transform(({ obj }: { obj: { changes: unknown } }) =>
    Array.isArray(obj.changes)
      ? obj.changes.map((one: unknown) =>
          Object.assign(new ChangeInput(), typeof one === 'string' ? { path: one } : one),
        )
      : obj.changes,
  )
  changes!: ChangeInput[];
}

const COMPRESSIONS = [
  'compressConversationSummary',
  'createContextSnippet',
  'compressProjectState',
  'extractKeyDecisions',
  'calculateRelevanceScore',
  'mergeContexts',
  'formatForInjection',
  'extractTagsFromText',
  'compressFileChanges',
] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** Which of the functions, and what it is given. */
export class CompressBody {
  @ApiProperty({ enum: COMPRESSIONS }) @IsIn([...COMPRESSIONS]) function!: Compression;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      '`text` and `at` (`compressConversationSummary`, or `turns` of `speaker` and `text`; `extractKeyDecisions`; ' +
      '`extractTagsFromText`; `createContextSnippet`, with `title`, `category`, `tags`, `importance`), `state` and ' +
      '`most` (`compressProjectState`), `importance`, `at`, `usage_count`, `half_life_days` (`calculateRelevanceScore`), ' +
      '`contexts` (`mergeContexts`; at most 131,072 characters as JSON), `items` and `max_tokens` (`formatForInjection`; at most 131,072 characters), `changes` (`compressFileChanges`)',
    example: { text: 'We decided to keep the old server because the scanner relays through it.' },
  })
  @IsObject()
  @AsItCame('input')
  input!: object;
}

/** What a function came to. */
export class Compressed {
  @ApiProperty({ description: 'As the function gives it: a map, a list, or a number' }) result!: unknown;
}
