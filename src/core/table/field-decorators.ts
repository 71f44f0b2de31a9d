import {
  ArrayMaxSize, IsArray, IsBoolean, IsEmail, IsIn, IsInt, IsISO4217CurrencyCode, IsMACAddress, IsObject,
  IsString, IsTimeZone, IsUUID, Matches, Max, MaxLength, Min, MinLength,
} from 'class-validator'; // prettier-ignore
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { COLUMN_KINDS } from '../database/column-kinds.js';
import type { ColumnShape } from '../database/columns.js';
import type { OnDelete } from '../database/ddl.js';
import { declareField, type FieldOptions, type FieldSpec, type Type } from './field-spec.js';
import {
  IsCidr,
  IsDay,
  IsHttpUrl,
  IsInstant,
  IsIpAddress,
  IsLoginEmail,
  IsTextMap,
  IsPlain,
  IsVisible,
  MAX_URL,
  MaxBytes,
} from './validators.js';

type Extra = Partial<
  Pick<FieldSpec, 'choices' | 'normalize' | 'reference' | 'listBy' | 'primary' | 'generated'>
>;

/** Makes a field decorator out of a column, its rules and its schema. Domains with a special field use it too. */
export function field(
  column: ColumnShape,
  validators: PropertyDecorator[],
  api: ApiPropertyOptions,
  options: FieldOptions & Extra = {},
  indexedByDefault = false,
): PropertyDecorator {
  return (prototype, key) =>
    declareField(prototype, {
      ...options,
      ...(options.internal ? { readOnly: true, writeOnly: true } : {}),
      name: String(key),
      column,
      validators,
      api: {
        ...COLUMN_KINDS[column.kind].schema,
        ...api,
        description: options.description,
        example: options.example ?? api.example,
      } as ApiPropertyOptions,
      nullable: options.optional ?? false,
      index: options.index ?? (options.uniqueWithin !== undefined || indexedByDefault),
    });
}

/** What one line of text looks like. Whoever gives a pattern says in words what it asks for. */
export type TextShape = { max?: number; primary?: boolean } & (
  | { pattern?: undefined }
  /** `must` goes on from there: `be six digits after a #, such as #1e90ff`. */
  | { pattern: RegExp; must: string }
);

/** One line of text: NFC, trimmed, 1 to `max` (255) characters, none of them invisible or a control character. */
export function Text(options: FieldOptions & TextShape = {}): PropertyDecorator {
  const { max = 255, pattern } = options;
  const rules = [IsString(), MinLength(1), MaxLength(max), IsVisible()];
  if (options.pattern) rules.push(Matches(options.pattern, { message: `must ${options.must}` }));
  const api = {
    type: 'string',
    minLength: 1,
    maxLength: max,
    pattern: pattern?.source,
  } as ApiPropertyOptions;
  return field({ kind: 'text', length: max }, rules, api, { normalize: true, ...options });
}

/** Longer text, kept byte for byte, without control characters but line breaks and tabs; at most `max` (65,535) characters. */
export function LongText(options: FieldOptions & { max?: number } = {}): PropertyDecorator {
  const { max = 65_535 } = options;
  return field(
    { kind: 'long' },
    [IsString(), MaxLength(max), IsPlain()],
    { type: 'string', maxLength: max },
    options,
  );
}

export function Email(options: FieldOptions = {}): PropertyDecorator {
  const api = { type: 'string', format: 'email', maxLength: 254 } as ApiPropertyOptions;
  return field({ kind: 'text', length: 254 }, [IsString(), IsEmail(), MaxLength(254), IsVisible()], api, {
    normalize: true,
    lower: true,
    ...options,
  });
}

/** An address to log in with: as Email, and hosts without a dot (`admin@localhost`). */
export function LoginEmail(options: FieldOptions = {}): PropertyDecorator {
  const api = { type: 'string', maxLength: 254, example: 'tech@msp.example' } as ApiPropertyOptions;
  return field(
    { kind: 'text', length: 254 },
    [IsString(), IsLoginEmail(), MaxLength(254), IsVisible()],
    api,
    {
      normalize: true,
      lower: true,
      ...options,
    },
  );
}

/** An absolute http or https address. */
export function Url(options: FieldOptions = {}): PropertyDecorator {
  const api = { type: 'string', format: 'uri', maxLength: MAX_URL } as ApiPropertyOptions;
  return field({ kind: 'long' }, [IsString(), IsHttpUrl(), MaxLength(MAX_URL), IsVisible()], api, {
    normalize: true,
    ...options,
  });
}

/** A network as address/prefix, IPv4 or IPv6; host bits are refused (RFC 4632, RFC 4291). */
export function Cidr(options: FieldOptions = {}): PropertyDecorator {
  return field(
    { kind: 'text', length: 43 },
    [IsCidr()],
    { type: 'string', example: '10.20.0.0/24' },
    { normalize: true, ...options },
  );
}

export function Ip(options: FieldOptions = {}): PropertyDecorator {
  return field(
    { kind: 'text', length: 45 },
    [IsIpAddress()],
    { type: 'string', example: '10.20.0.1' },
    { normalize: true, ...options },
  );
}

export function MacAddress(options: FieldOptions = {}): PropertyDecorator {
  return field(
    { kind: 'text', length: 17 },
    [IsMACAddress()],
    { type: 'string', example: '00:1a:2b:3c:4d:5e' },
    { normalize: true, lower: true, ...options },
  );
}

/** An IANA time zone such as Europe/Berlin. */
export function TimeZone(options: FieldOptions = {}): PropertyDecorator {
  return field(
    { kind: 'text', length: 64 },
    [IsString(), IsTimeZone()],
    { type: 'string', maxLength: 64, example: 'Europe/Berlin' },
    { normalize: true, ...options },
  );
}

/** ISO 4217, such as EUR. */
export function Currency(options: FieldOptions = {}): PropertyDecorator {
  return field(
    { kind: 'text', length: 3 },
    [IsISO4217CurrencyCode()],
    { type: 'string', minLength: 3, maxLength: 3, example: 'EUR' },
    { normalize: true, ...options },
  );
}

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

/** An exact decimal, as a string on the wire: up to `precision` digits, `scale` of them after the point. */
export function Decimal(
  options: FieldOptions & { precision?: number; scale?: number } = {},
): PropertyDecorator {
  const { precision = 12, scale = 2 } = options;
  const pattern = new RegExp(`^(0|[1-9]\\d{0,${precision - scale - 1}})(\\.\\d{1,${scale}})?$`);
  const message =
    `must be a decimal number as text, such as "120.00": at most ${precision - scale} digits before ` +
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
  uuid: { rules: [IsUUID('all', { each: true })], api: { type: 'string', format: 'uuid' } },
} as const;

/** A JSON list, at most `max` (200) items of one kind, or of `choices`. */
export function ListOf(
  kind: keyof typeof ITEMS,
  options: FieldOptions & { max?: number; choices?: readonly string[] } = {},
): PropertyDecorator {
  const { max = 200, choices, ...rest } = options;
  const item = ITEMS[kind];
  const rules = [
    IsArray(),
    ArrayMaxSize(max),
    ...item.rules,
    ...(choices ? [IsIn([...choices], { each: true })] : []),
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
