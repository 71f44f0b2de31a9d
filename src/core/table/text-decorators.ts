import {
  IsEmail,
  IsISO4217CurrencyCode,
  IsMACAddress,
  IsString,
  IsTimeZone,
  MaxLength,
  MinLength,
} from 'class-validator';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { field } from './field.js';
import type { FieldOptions } from './field-spec.js';
import {
  Fits,
  IsCidr,
  IsHttpUrl,
  IsIpAddress,
  IsLoginEmail,
  IsPlain,
  IsVisible,
  MAX_URL,
} from './validators.js';

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
  if (options.pattern) rules.push(Fits(options.pattern, max, `must ${options.must}`));
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

/** A SHA-256 as 64 hexadecimal digits; stored in lower case. */
export function Sha256(options: FieldOptions = {}): PropertyDecorator {
  return Text({
    max: 64,
    lower: true,
    pattern: /^[0-9a-fA-F]{64}$/,
    must: 'be a SHA-256 as 64 hexadecimal digits',
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ...options,
  });
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

/** ISO 4217, such as EUR; stored in upper case. */
export function Currency({ description, ...options }: FieldOptions = {}): PropertyDecorator {
  return field(
    { kind: 'text', length: 3 },
    [IsISO4217CurrencyCode()],
    { type: 'string', minLength: 3, maxLength: 3, example: 'EUR' },
    {
      normalize: true,
      upper: true,
      description: ['ISO 4217, kept in upper case', ...(description ? [description] : [])].join('. '),
      ...options,
    },
  );
}
