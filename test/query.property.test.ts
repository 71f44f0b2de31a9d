import { isIP } from 'node:net';
import fc from 'fast-check';
import { canonical, encode } from '../src/core/table/codec.js';
import { decodeMoment, encodeMoment } from '../src/core/database/values.js';
import type { FieldSpec } from '../src/core/table/field-spec.js';
import { parseListQuery } from '../src/core/resource/lists/list-query.js';
import { isCidr, isIpAddress } from '../src/core/table/validators.js';
import { isDay, isInstant } from '../src/core/database/values.js';
import { ValidationError } from '../src/core/context/errors.js';
import { RESOURCES } from './harness/all-resources.js';

const fieldOf = (kind: FieldSpec['column']['kind'], more: object = {}) =>
  ({
    name: 'x',
    nullable: false,
    index: true,
    validators: [],
    api: {},
    column: { kind, scale: 2 },
    ...more,
  }) as FieldSpec;

describe('addresses and networks', () => {
  const addresses = fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended());

  it('agree with Node on what an address is', () => {
    fc.assert(
      fc.property(fc.oneof(addresses, fc.string(), fc.stringMatching(/^[0-9a-f.:]{1,40}$/)), text => {
        fc.pre(!text.includes('%'));
        expect({ text, is: isIpAddress(text) }).toEqual({ text, is: isIP(text) !== 0 });
      }),
    );
  });

  it('take a network without host bits, and refuse every host bit', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 32n - 1n), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const host = 32n - BigInt(prefix);
        const network = (address >> host) << host;
        expect(isCidr(`${v4(network)}/${prefix}`)).toBe(true);
        expect(isCidr(`${v4(address)}/${prefix}`)).toBe(address === network);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 128n - 1n), fc.integer({ min: 0, max: 128 }), (address, prefix) => {
        const host = 128n - BigInt(prefix);
        const network = (address >> host) << host;
        expect(isCidr(`${v6(network)}/${prefix}`)).toBe(true);
        expect(isCidr(`${v6(address)}/${prefix}`)).toBe(address === network);
      }),
    );
  });

  it('refuse prefixes that are too long, and whatever else stands behind the slash', () => {
    fc.assert(fc.property(fc.integer({ min: 33, max: 999 }), prefix => !isCidr(`0.0.0.0/${prefix}`)));
    fc.assert(
      fc.property(fc.string(), tail => isCidr(`0.0.0.0/${tail}`) === /^([0-9]|[12]\d|3[0-2])$/.test(tail)),
    );
    fc.assert(
      fc.property(
        fc.anything(),
        value => typeof value === 'string' || !(isCidr(value) || isIpAddress(value)),
      ),
    );
  });
});

function v4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map(shift => (value >> shift) & 255n).join('.');
}
function v6(value: bigint): string {
  return Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16)).join(
    ':',
  );
}

describe('moments', () => {
  const times = fc.date({ min: new Date('1000-01-03'), max: new Date('9999-11-29'), noInvalidDate: true });
  const offsets = fc.tuple(fc.integer({ min: -14 * 60, max: 14 * 60 }));

  it('round trip through the database in UTC, with their milliseconds', () => {
    fc.assert(
      fc.property(times, offsets, (time, [offset]) => {
        const text = withOffset(time, offset);
        expect(isInstant(text)).toBe(true);
        expect(decodeMoment(encodeMoment(text))).toBe(time.toISOString());
        expect(canonical(fieldOf('moment'), text)).toBe(time.toISOString());
      }),
    );
  });

  it('order as text in the database as they do in time', () => {
    fc.assert(
      fc.property(times, times, (a, b) => {
        const [x, y] = [encodeMoment(a.toISOString()), encodeMoment(b.toISOString())];
        expect(Math.sign(a.getTime() - b.getTime())).toBe(x < y ? -1 : x > y ? 1 : 0);
      }),
    );
  });

  it('are read from MariaDB with any number of decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), ms => {
        const stored = `2026-01-31 08:00:00.${String(ms).padStart(3, '0')}`;
        expect(Date.parse(decodeMoment(stored.replace(/0+$/, '').replace(/\.$/, '')))).toBe(
          Date.parse(decodeMoment(stored)),
        );
      }),
    );
  });

  it('are encoded whenever they are accepted', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/),
        ),
        text => {
          if (isInstant(text))
            expect(decodeMoment(encode(fieldOf('moment'), text) as string)).toMatch(
              /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
            );
        },
      ),
    );
  });

  it('as days are those of the calendar', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 9999 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, day) => {
          const last = month >= 1 && month <= 12 ? new Date(Date.UTC(year, month, 0)).getUTCDate() : 0;
          const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          expect({ text, is: isDay(text) }).toEqual({ text, is: day >= 1 && day <= last });
        },
      ),
    );
  });
});

function withOffset(time: Date, minutes: number): string {
  const local = new Date(time.getTime() + minutes * 60_000).toISOString().slice(0, -1);
  const size = Math.abs(minutes);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${local}${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

describe('decimals', () => {
  const cents = fc.bigInt(0n, 10n ** 12n - 1n);
  const plain = (value: bigint) => `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;

  it('keep every cent, and get their scale', () => {
    fc.assert(
      fc.property(cents, value => {
        const text = plain(value);
        const short = text.replace(/0$/, '').replace(/\.0?$/, '');
        for (const form of [text, short]) expect(canonical(fieldOf('decimal'), form)).toBe(text);
        expect(encode(fieldOf('decimal'), short)).toBe(text);
      }),
    );
  });
});

describe('query strings', () => {
  const names = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'id',
      'name',
      'created_at__gt',
      'sort',
      'skip',
      'limit',
      'cursor',
      'q',
      'fields',
      'tags',
      '__proto__',
      'archived',
      'count',
    ),
  );
  const values = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string(), { maxLength: 3 }));

  it.each(RESOURCES)('of %s are read or refused, and never anything else', (_path, spec) => {
    fc.assert(
      fc.property(fc.dictionary(names, values, { maxKeys: 4 }), raw => {
        for (const dialect of ['sqlite', 'mariadb'] as const)
          try {
            const query = parseListQuery(spec, raw, dialect);
            expect(query.sort.at(-1)?.field.name).toBe('id');
            for (const { sql, values: given } of query.clauses)
              expect(sql.split('?').length - 1).toBe(given.length);
          } catch (error) {
            expect(error).toBeInstanceOf(ValidationError);
          }
      }),
    );
  });
});
