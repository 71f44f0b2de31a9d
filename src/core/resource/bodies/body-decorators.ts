import { Transform } from 'class-transformer';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, ValidateIf } from 'class-validator';
import { HasVisible, IsPlain } from '../../table/validators.js';
import { normalized } from '../../../formats/normalized.js';

/** What text is made of before it is checked: the length of its column bounds it (2000 when absent). */
export interface Normalization {
  lower?: boolean;
  upper?: boolean;
  column?: { length?: number };
}

/**
 * NFC, trimmed and, where declared, in lower or upper case; anything but text is left for the validators. So is text that is
 * too long in any form: NFC leaves at least a quarter of it.
 */
export function normalizeText({ lower, upper, column }: Normalization, value: unknown): unknown {
  if (typeof value !== 'string' || value.length > 4 * (column?.length ?? 2000)) return value;
  const text = normalized(value, 'NFC').trim();
  return lower ? text.toLowerCase() : upper ? text.toUpperCase() : text;
}

/** A line of text in a body of one's own, as the fields of resources have it: NFC and trimmed. */
export const Normalized = (how: Normalization = {}): PropertyDecorator =>
  Transform(({ value }) => normalizeText(how, value));

/** Absent is allowed, null is not: so in every body, except for what the document says may be null (`IsOptional`). */
export const IfSent = (): PropertyDecorator =>
  ValidateIf((_body: object, value: unknown) => value !== undefined);

/** Why somebody does what is then on the trail: NFC, trimmed, and so many characters that can be seen (3 to 500). */
export function Reason({
  min = 3,
  max = 500,
  ...api
}: { min?: number; max?: number; description?: string; example?: string } = {}): PropertyDecorator {
  const rules = [IsString(), HasVisible(min), MaxLength(max), IsPlain()];
  return (prototype, key) => {
    ApiProperty({ minLength: min, maxLength: max, ...api })(prototype, key);
    for (const decorate of [Normalized({ column: { length: max } }), ...rules]) decorate(prototype, key);
  };
}
