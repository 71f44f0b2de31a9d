import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsObject } from 'class-validator';
import { Transform } from 'class-transformer';
import { IfSent } from './body-decorators.js';
import { bodiesOf } from './bodies.js';
import type { Type } from '../../table/field-spec.js';
import type { ResourceSpec } from '../resource.js';

export interface BulkBody {
  atomic?: boolean;
  items: object[];
}

const BODIES = new WeakMap<ResourceSpec, Type<BulkBody>>();

/** `{"atomic": false, "items": [1 to 1000 create bodies]}`; each item is checked when its turn comes. */
export function bulkBodyOf(spec: ResourceSpec): Type<BulkBody> {
  const known = BODIES.get(spec);
  if (known) return known;
  const type = { [`Bulk${spec.label}`]: class {} }[`Bulk${spec.label}`] as Type<BulkBody>;
  const apply = (name: string, ...decorators: PropertyDecorator[]) =>
    decorators.forEach(decorate => decorate(type.prototype as object, name));
  apply(
    'atomic',
    IfSent(),
    IsBoolean(),
    ApiPropertyOptional({ type: 'boolean', default: false, description: 'All or nothing' }),
  );
  apply(
    'items',
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(1000),
    IsObject({ each: true }),
    // The items stay as they came: they are bodies of their own, validated one by one.
    Transform(({ obj }: { obj: BulkBody }) => obj.items),
    ApiProperty({ type: () => [bodiesOf(spec).create], minItems: 1, maxItems: 1000 }),
  );
  BODIES.set(spec, type);
  return type;
}
