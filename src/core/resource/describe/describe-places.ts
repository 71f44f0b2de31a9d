import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiQuery } from '@nestjs/swagger';
import { sharedAs } from '../../http/shared-as.js';
import { MOST_PLACES } from '../lists/keyset.js';
import { CHOICE } from './describe-list.js';

const LIMIT = {
  name: 'limit',
  required: false,
  schema: { type: 'integer', minimum: 1, maximum: MOST_PLACES, default: 100 },
  ...sharedAs('places.limit'),
} as const;
const CURSOR = {
  name: 'cursor',
  required: false,
  description: 'The `next` of the page before',
  schema: { type: 'string' },
  ...sharedAs('places.cursor'),
} as const;

/** `limit` and `cursor` of such an answer. */
export function DescribePlaces(): MethodDecorator {
  return applyDecorators(ApiQuery(LIMIT), ApiQuery(CURSOR));
}

/** `fields` and `omit` as lists have them. */
export function DescribeFields(): MethodDecorator {
  return applyDecorators(
    ...CHOICE.filter(one => 'name' in one && one.name !== 'sort').map(one => ApiQuery(one)),
  );
}

/** What such an answer has beside its items. */
export abstract class PlacesFrame {
  @ApiProperty({ type: 'integer', example: 100 }) limit!: number;
  @ApiProperty({ type: 'string', nullable: true, example: null, description: 'The cursor of the next page' })
  next!: string | null;
}
