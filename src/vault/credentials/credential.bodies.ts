import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { IfSent, Reason } from '../../core/resource/bodies/body-decorators.js';
import { IsWithoutRepeats, MaxBytes } from '../../core/table/validators.js';
import { CHARACTER_CLASSES } from './generate/generate.js';
import { NEVER_SHOWN, SECRET_FIELDS } from '../../formats/credential-types.js';

export class RevealBody {
  @ApiProperty({ type: 'array', items: { type: 'string', format: 'uuid' }, minItems: 1, maxItems: 100 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsUUID('all', { each: true })
  @Transform(({ value }: { value: unknown }) =>
    Array.isArray(value)
      ? value.map((one: unknown) => (typeof one === 'string' ? one.toLowerCase() : one))
      : value,
  )
  @IsWithoutRepeats()
  ids!: string[];

  @Reason({ example: 'Firewall of the main office does not answer' })
  reason!: string;
}

export class ReasonBody {
  @Reason({ example: 'The new password was refused' })
  reason!: string;
}

export class ReferenceBody extends ReasonBody {
  @ApiPropertyOptional({
    enum: SECRET_FIELDS.filter(field => field !== NEVER_SHOWN),
    description: 'The main secret of the type when absent',
  })
  @IfSent()
  @IsIn(SECRET_FIELDS)
  field?: string;
}

/** New secrets by field. */
export class RotateSecrets {}
for (const field of SECRET_FIELDS)
  for (const decorate of [
    ApiPropertyOptional({ type: 'string', format: 'password', minLength: 1, maxLength: 65_536 }),
    IfSent(),
    IsString(),
    MinLength(1),
    MaxBytes(65_536),
  ])
    decorate(RotateSecrets.prototype, field);

export class RotateBody {
  @ApiPropertyOptional({
    type: RotateSecrets,
    description: 'Several at once, instead of `field` and `value`',
  })
  @IfSent()
  @IsObject()
  @ValidateNested()
  @Type(() => RotateSecrets)
  secrets?: RotateSecrets;

  @ApiPropertyOptional({
    default: false,
    description:
      'The answer holds what was generated, for who passes the reveal policy; that is on the trail',
  })
  @IfSent()
  @IsBoolean()
  reveal?: boolean;

  @ApiPropertyOptional({ enum: SECRET_FIELDS, description: 'The main secret of the type when absent' })
  @IfSent()
  @IsIn([...SECRET_FIELDS])
  field?: string;

  @ApiPropertyOptional({
    format: 'password',
    maxLength: 65_536,
    description: 'The new secret; generated when absent',
  })
  @IfSent()
  @IsString()
  @MinLength(1)
  @MaxBytes(65_536)
  value?: string;

  @ApiPropertyOptional({ minimum: 8, maximum: 256, default: 24, type: 'integer' })
  @IfSent()
  @IsInt()
  @Min(8)
  @Max(256)
  length?: number;

  @ApiPropertyOptional({ type: 'array', items: { type: 'string', enum: [...CHARACTER_CLASSES] } })
  @IfSent()
  @IsArray()
  @ArrayMinSize(1)
  @IsWithoutRepeats()
  @IsIn([...CHARACTER_CLASSES], { each: true })
  classes?: string[];
}

export class StrengthBody {
  @ApiProperty({ format: 'password', maxLength: 1024 })
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  password!: string;
}
