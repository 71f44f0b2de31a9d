import { registerDecorator } from 'class-validator';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { field } from '../../core/table/field-decorators.js';
import type { FieldOptions } from '../../core/table/field-spec.js';

/** Licences that were bought, and those of them that somebody has. */
export interface Seats {
  total: number;
  used: number;
}
export type SubscriptionSummary = Record<string, Seats>;

const MOST_SKUS = 200;
const MOST_SEATS = 10_000_000;
const SKU = /^[\w .+()/-]{1,100}$/;

const isCount = (value: unknown) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_SEATS;

function isSummary(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value as Record<string, Partial<Seats> | null>);
  return (
    entries.length <= MOST_SKUS &&
    entries.every(
      ([sku, seats]) =>
        SKU.test(sku) &&
        typeof seats === 'object' &&
        seats !== null &&
        Object.keys(seats).sort().join() === 'total,used' &&
        isCount(seats.total) &&
        isCount(seats.used),
    )
  );
}

/** SKU → {total, used}; more may be used than there are, which is what one wants to see. */
export function Subscriptions(options: FieldOptions = {}): PropertyDecorator {
  const message =
    'must be a map of SKUs (letters, digits, spaces and .+()/_-) to {"total", "used"}, such as ' +
    '{"ENTERPRISEPACK": {"total": 25, "used": 21}}';
  const rule: PropertyDecorator = (prototype, key) =>
    registerDecorator({
      name: 'subscriptions',
      target: prototype.constructor,
      propertyName: String(key),
      options: { message },
      validator: { validate: isSummary },
    });
  const seats = { type: 'integer', minimum: 0, maximum: MOST_SEATS };
  const api = {
    type: 'object',
    additionalProperties: {
      type: 'object',
      properties: { total: seats, used: seats },
      required: ['total', 'used'],
    },
    example: { ENTERPRISEPACK: { total: 25, used: 21 } },
  } as unknown as ApiPropertyOptions;
  return field({ kind: 'json' }, [rule], api, {
    description: 'SKU → bought and assigned licences',
    ...options,
  });
}
