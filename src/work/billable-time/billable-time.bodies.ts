import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, IsUUID, MaxLength, MinLength } from 'class-validator';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { Normalized } from '../../core/resource/bodies/body-decorators.js';
import { resourceOf } from '../../core/resource/resource.js';
import { IsVisible, IsWithoutRepeats } from '../../core/table/validators.js';
import { BillableTime } from './billable-time.entity.js';

export class MarkBilledBody {
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

export class BilledTime {
  @ApiProperty({
    type: () => [bodiesOf(resourceOf(BillableTime)).view],
    description: 'In the order of `ids`',
  })
  items!: BillableTime[];
}
