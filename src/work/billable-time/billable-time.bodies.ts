import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { IfSent, Normalized } from '../../core/resource/bodies/body-decorators.js';
import { resourceOf } from '../../core/resource/resource.js';
import { IsDay, IsPlain, IsVisible, IsWithoutRepeats } from '../../core/table/validators.js';
import { BillableTime } from './billable-time.entity.js';

class TimesBody {
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    minItems: 1,
    maxItems: 1000,
    uniqueItems: true,
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @IsWithoutRepeats()
  @IsUUID('all', { each: true })
  ids!: string[];
}

/** Entries that go one step further together. */
export class MoveTimesBody extends TimesBody {
  @ApiPropertyOptional({ type: 'boolean', default: false, description: 'All or nothing' })
  @IfSent()
  @IsBoolean()
  atomic?: boolean;
}

export class MarkBilledBody extends TimesBody {
  @ApiProperty({
    minLength: 1,
    maxLength: 100,
    example: '2026-0131',
    description: 'The number of the invoice',
  })
  @Normalized({ column: { length: 100 } })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @IsVisible()
  invoice_ref!: string;
}

export const MOST_REPRICED = 1000;

/** Drafts, by id or by client and days. */
export class RepriceBody {
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    minItems: 1,
    maxItems: MOST_REPRICED,
    uniqueItems: true,
  })
  @IfSent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_REPRICED)
  @IsWithoutRepeats()
  @IsUUID('all', { each: true })
  ids?: string[];

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'In the place of `ids`: its drafts, those of the sender alone without msp:admin',
  })
  @IfSent()
  @IsUUID('all')
  client_id?: string;

  @ApiPropertyOptional({ format: 'date', description: 'The first work_date, with client_id' })
  @IfSent()
  @IsDay()
  from?: string;

  @ApiPropertyOptional({ format: 'date', description: 'The last work_date, with client_id' })
  @IfSent()
  @IsDay()
  to?: string;
}

export class RepricedTime {
  @ApiProperty({
    type: () => [bodiesOf(resourceOf(BillableTime)).view],
    description: 'In the order of `ids`, or in that of their creation',
  })
  items!: BillableTime[];
}

export class CreditBody {
  @ApiProperty({
    minLength: 1,
    maxLength: 2000,
    example: 'Billed twice',
    description: 'Becomes the description of the credit',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(2000)
  @IsPlain()
  reason!: string;

  @ApiPropertyOptional({
    format: 'date',
    example: '2026-02-28',
    description:
      'The day of the credit, not before that of the billed entry: today, where the client is, when absent',
  })
  @IfSent()
  @IsDay()
  work_date?: string;
}

export class BilledTime {
  @ApiProperty({
    type: () => [bodiesOf(resourceOf(BillableTime)).view],
    description: 'In the order of `ids`',
  })
  items!: BillableTime[];
}
