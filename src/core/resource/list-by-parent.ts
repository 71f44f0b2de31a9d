import { Get, Query } from '@nestjs/common';
import { RequireScope } from '../http/access.decorators.js';
import { Compressed } from '../http/compression.js';
import { DescribeListBy } from './describe/describe-list.js';
import { capitalized } from './describe/naming.js';
import { IdParam } from '../http/pipes/id.pipe.js';
import type { RawQuery } from './lists/query-parts.js';
import type { ResourceSpec } from './resource.js';
import type { FieldSpec } from '../table/field-spec.js';
import type { AnyService } from './resource.controller.js';

/** `GET /api/<plural>/by-<parent>/{id}`: the list, restricted to one parent. */
export function listByParent(prototype: object, spec: ResourceSpec, field: FieldSpec): void {
  const parent = field.name.replace(/_id$/, '');
  const name = `listBy${capitalized(parent)}`;
  const column = `${spec.table}.${field.name}`;
  async function list(this: { service: AnyService }, id: string, query: RawQuery) {
    return this.service.list(query, { sql: `${column} = ?`, values: [id], equals: column });
  }
  Object.defineProperty(list, 'name', { value: name });
  Object.defineProperty(prototype, name, { value: list, writable: true, configurable: true });
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
  for (const decorate of [
    Get(`by-${parent.replaceAll('_', '-')}/:id`),
    RequireScope('msp:read'),
    DescribeListBy(spec, parent),
    ...(spec.secrets ? [] : [Compressed()]),
  ])
    decorate(prototype, name, descriptor);
  IdParam()(prototype, name, 0);
  Query()(prototype, name, 1);
  Reflect.defineMetadata('design:paramtypes', [String, Object], prototype, name);
}
