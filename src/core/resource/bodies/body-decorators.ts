import { Transform } from 'class-transformer';
import { ValidateIf } from 'class-validator';

/** What text is made of before it is checked: the length of its column bounds it (2000 when absent). */
export interface Normalization {
  lower?: boolean;
  column?: { length?: number };
}

/**
 * NFC, trimmed and, where declared, in lower case; anything but text is left for the validators. So is text that is
 * too long in any form: NFC leaves at least a quarter of it, and takes minutes for a megabyte of combining marks.
 */
export function normalizeText({ lower, column }: Normalization, value: unknown): unknown {
  if (typeof value !== 'string' || value.length > 4 * (column?.length ?? 2000)) return value;
  const text = value.normalize('NFC').trim();
  return lower ? text.toLowerCase() : text;
}

/** A line of text in a body of one's own, as the fields of resources have it: NFC and trimmed. */
export const Normalized = (how: Normalization = {}): PropertyDecorator =>
  Transform(({ value }) => normalizeText(how, value));

/** Absent is allowed, null is not. Where null is allowed too: `IsOptional`. */
export const IfSent = (): PropertyDecorator =>
  ValidateIf((_body: object, value: unknown) => value !== undefined);
