import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Type } from '../../table/field-spec.js';

const PAGES = new WeakMap<Type, Type>();

/** `ClientPage`: the page of a list of such items as a named class, for the document. */
export function pageOf(item: Type): Type {
  const known = PAGES.get(item);
  if (known) return known;
  const name = `${item.name}Page`;
  const type = { [name]: class extends PageFrame {} }[name] as Type;
  ApiProperty({ type: () => [item] })(type.prototype as object, 'items');
  PAGES.set(item, type);
  return type;
}

/** What every page has around its items. */
export abstract class PageFrame {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Exact to 10,000 or with count=exact; null on cursor pages, and with count=none',
  })
  total!: number | null;
  @ApiPropertyOptional({ type: 'boolean', description: 'True when there are more than `total`' })
  total_capped?: boolean;
  @ApiProperty({ type: 'integer', example: 0 }) skip!: number;
  @ApiProperty({ type: 'integer', example: 100 }) limit!: number;
  @ApiProperty({ type: 'string', nullable: true, example: null, description: 'The cursor of the next page' })
  next!: string | null;
}

class BulkFault {
  @ApiProperty({ example: 'Client with this name already exists' }) error!: string;
  @ApiProperty({ example: 'conflict' }) code!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) details!: object;
}

class BulkResult {
  @ApiProperty({ type: 'integer', minimum: 0, example: 0, description: 'The place among what was sent' })
  index!: number;
  @ApiProperty({ type: 'integer', example: 201 }) status!: number;
  @ApiPropertyOptional({ format: 'uuid' }) id?: string;
  @ApiPropertyOptional({ type: BulkFault }) error?: BulkFault;
}

/** One result for each item, in their order. */
export class BulkAnswer {
  @ApiProperty({
    type: [BulkResult],
    example: [
      { index: 0, status: 201, id: '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11' },
      {
        index: 1,
        status: 409,
        error: {
          error: 'Client with this name already exists',
          code: 'conflict',
          details: { field: 'name', errors: [] },
        },
      },
    ],
  })
  results!: BulkResult[];
}
