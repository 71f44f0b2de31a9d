import { IsBoolean, IsIn, IsInt, IsString, IsUUID, Matches, Max, Min, MinLength } from 'class-validator';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import type { OnDelete } from '../database/ddl.js';
import { field } from './field.js';
import type { FieldOptions, Type } from './field-spec.js';
import { IsDay, IsInstant, MaxBytes } from './validators.js';

export { field } from './field.js';
export * from './json-decorators.js';
export * from './text-decorators.js';

/** One of a list; the first is the default unless `required`. */
export function Choice(
  choices: readonly string[],
  options: FieldOptions & { required?: boolean } = {},
): PropertyDecorator {
  const fallback = options.required || options.optional ? undefined : choices[0];
  const api = { type: 'string', enum: [...choices] } as ApiPropertyOptions;
  return field(
    { kind: 'text', length: 40 },
    [IsIn([...choices])],
    api,
    { default: fallback, ...options, choices },
    true,
  );
}

export function Flag(options: FieldOptions = {}): PropertyDecorator {
  return field({ kind: 'flag' }, [IsBoolean()], {}, options, true);
}

export function Whole(options: FieldOptions & { min?: number; max?: number } = {}): PropertyDecorator {
  const { min = 0, max = 2_147_483_647 } = options;
  return field(
    { kind: 'whole' },
    [IsInt(), Min(min), Max(max)],
    { type: 'integer', minimum: min, maximum: max },
    options,
    true,
  );
}

/** A whole number that may be larger than two thousand million: bytes, rows. */
export function Big(options: FieldOptions = {}): PropertyDecorator {
  const max = Number.MAX_SAFE_INTEGER;
  const api = { type: 'integer', format: 'int64', minimum: 0, maximum: max } as ApiPropertyOptions;
  return field({ kind: 'big' }, [IsInt(), Min(0), Max(max)], api, options, true);
}

/**
 * An exact decimal, as a string on the wire: up to `precision` digits, `scale` of them after the point; below zero where
 * it is `signed`.
 */
export function Decimal(
  options: FieldOptions & { precision?: number; scale?: number; signed?: boolean } = {},
): PropertyDecorator {
  const { precision = 12, scale = 2, signed = false } = options;
  const pattern = new RegExp(
    `^${signed ? '-?' : ''}(0|[1-9]\\d{0,${precision - scale - 1}})(\\.\\d{1,${scale}})?$`,
  );
  const message =
    `must be a decimal number${signed ? '' : ' of 0 or more'} as text, such as "120.00": at most ${precision - scale} digits before ` +
    `the point and ${scale} behind it`;
  const rules = [IsString({ message }), Matches(pattern, { message })];
  const api = { type: 'string', pattern: pattern.source, example: '120.00' } as ApiPropertyOptions;
  return field({ kind: 'decimal', precision, scale }, rules, api, options, true);
}

/** A point in time: ISO 8601 with an offset in, UTC with milliseconds and `Z` out. */
export function Moment(options: FieldOptions = {}): PropertyDecorator {
  return field({ kind: 'moment' }, [IsInstant()], {}, options, true);
}

/** A calendar day, YYYY-MM-DD. */
export function Day(options: FieldOptions = {}): PropertyDecorator {
  return field({ kind: 'day' }, [IsDay()], { type: 'string', format: 'date' }, options, true);
}

/**
 * A foreign key. RESTRICT refuses the deletion of the parent, CASCADE deletes with it, SET NULL clears the reference.
 * `listBy` gives the resource a list of the rows of one parent.
 */
export function BelongsTo(
  target: () => Type,
  options: FieldOptions & { onDelete: OnDelete; listBy?: boolean },
): PropertyDecorator {
  const { onDelete, ...rest } = options;
  const api = { type: 'string', format: 'uuid' } as ApiPropertyOptions;
  return field({ kind: 'uuid' }, [IsUUID('all')], api, { ...rest, reference: { target, onDelete } }, true);
}

/** A reference that need not be, and goes when its row does; `optional` and `onDelete: 'SET NULL'` of `BelongsTo`. */
export function MayBelongTo(
  target: () => Type,
  options: FieldOptions & { listBy?: boolean } = {},
): PropertyDecorator {
  return BelongsTo(target, { ...options, onDelete: 'SET NULL', optional: true });
}

/** A secret that a body may bring: at most 65,536 bytes, kept byte for byte; stored sealed, never shown. */
export function SecretText(options: FieldOptions & { min?: number } = {}): PropertyDecorator {
  const { min = 1, ...rest } = options;
  const api = { type: 'string', minLength: min, maxLength: 65_536, format: 'password' } as ApiPropertyOptions;
  return field({ kind: 'long' }, [IsString(), MinLength(min), MaxBytes(65_536)], api, {
    ...rest,
    virtual: true,
    writeOnly: true,
    optional: rest.optional ?? true,
  });
}

/** Derived for the answer; has no column. */
export function Derived(
  api: ApiPropertyOptions & { nullable?: boolean },
  options: Pick<FieldOptions, 'afterWriting' | 'description'> = {},
): PropertyDecorator {
  const optional = api.nullable ?? false;
  return field({ kind: 'json' }, [], api, { ...options, virtual: true, readOnly: true, optional });
}

/** A UUID that is not a foreign key. */
export function Uuid(options: FieldOptions & { primary?: boolean } = {}): PropertyDecorator {
  return field(
    { kind: 'uuid' },
    [IsUUID('all')],
    { type: 'string', format: 'uuid' } as ApiPropertyOptions,
    options,
  );
}
