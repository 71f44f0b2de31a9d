import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsObject,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { field } from './field.js';
import type { FieldOptions } from './field-spec.js';
import { IsCidr, IsIpAddress, IsTextMap, IsVisible } from './validators.js';

const ITEMS = {
  text: {
    rules: [
      IsString({ each: true }),
      MinLength(1, { each: true }),
      MaxLength(500, { each: true }),
      IsVisible({ each: true }),
    ],
    api: { type: 'string', maxLength: 500 },
  },
  ip: { rules: [IsIpAddress({ each: true })], api: { type: 'string', example: '10.20.0.1' } },
  cidr: { rules: [IsCidr({ each: true })], api: { type: 'string', example: '10.20.0.0/24' } },
  uuid: { rules: [IsUUID('all', { each: true })], api: { type: 'string', format: 'uuid' } },
} as const;

/** A JSON list, at most `max` (200) items of one kind, or of `choices`, that keep `rules` beside. */
export function ListOf(
  kind: keyof typeof ITEMS,
  options: FieldOptions & { max?: number; choices?: readonly string[]; rules?: PropertyDecorator[] } = {},
): PropertyDecorator {
  const { max = 200, choices, rules: more = [], ...rest } = options;
  const item = ITEMS[kind];
  const rules = [
    IsArray(),
    ArrayMaxSize(max),
    ...item.rules,
    ...(choices ? [IsIn([...choices], { each: true })] : []),
    ...more,
  ];
  const items = choices ? { type: 'string', enum: [...choices] } : item.api;
  return field({ kind: 'json' }, rules, { type: 'array', items, maxItems: max } as ApiPropertyOptions, rest);
}

/** A JSON map of text to text (or, with `values: 'any'`, to anything). */
export function MapOf(values: 'text' | 'any', options: FieldOptions = {}): PropertyDecorator {
  const rules = values === 'text' ? [IsTextMap()] : [IsObject()];
  const api = {
    type: 'object',
    additionalProperties: values === 'text' ? { type: 'string' } : true,
  } as ApiPropertyOptions;
  return field({ kind: 'json' }, rules, api, options);
}
