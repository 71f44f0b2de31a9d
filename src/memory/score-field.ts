import { IsString, Matches } from 'class-validator';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { field } from '../core/table/field-decorators.js';
import type { FieldOptions } from '../core/table/field-spec.js';

const SCORE = /^(10(\.0{1,2})?|[0-9](\.[0-9]{1,2})?)$/;

/** From 0 to 10 with two digits behind the point, as a string on the wire. */
export function Score(options: FieldOptions = {}): PropertyDecorator {
  const message = 'must be a decimal number from 0 to 10 as text, such as "7.50"';
  const api = { type: 'string', pattern: SCORE.source, example: '7.50' } as ApiPropertyOptions;
  const rules = [IsString({ message }), Matches(SCORE, { message })];
  return field({ kind: 'decimal', precision: 5, scale: 2 }, rules, api, options, true);
}
