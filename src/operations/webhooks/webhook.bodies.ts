import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { IfSent } from '../../core/resource/bodies/body-decorators.js';

const PLACE = { type: 'integer', format: 'int64', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;

export class RotateSecretBody {
  @IfSent()
  @IsString()
  @MinLength(24)
  @MaxLength(500)
  @ApiPropertyOptional({
    minLength: 24,
    maxLength: 500,
    format: 'password',
    writeOnly: true,
    description: 'Made, and told in the answer, when absent',
  })
  secret?: string;

  @IfSent()
  @IsInt()
  @Min(0)
  @Max(168)
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 168,
    default: 24,
    description: 'Hours for which the secret of before signs beside the new one',
  })
  overlap_hours?: number;
}

export class ReplayBody {
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  @ApiProperty({ ...PLACE, example: 1, description: 'The first place in the trail' })
  from_seq!: number;

  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  @ApiProperty({ ...PLACE, example: 500, description: 'The last one; at most 10,000 behind the first' })
  to_seq!: number;
}
