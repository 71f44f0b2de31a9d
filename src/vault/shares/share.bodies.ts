import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { IfSent, Reason } from '../../core/resource/bodies/body-decorators.js';
import { IsWithoutRepeats } from '../../core/table/validators.js';
import { NEVER_SHOWN, SECRET_FIELDS } from '../../formats/credential-types.js';

const SHOWN = SECRET_FIELDS.filter(field => field !== NEVER_SHOWN);
export const DAY_SECONDS = 86_400;
const MOST_DAYS = 30;

export class ShareBody {
  @Reason({ example: 'The new account of a user, who cannot log in yet' })
  reason!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 60,
    maximum: MOST_DAYS * DAY_SECONDS,
    default: DAY_SECONDS,
    description: 'Seconds until the link ends',
  })
  @IfSent()
  @IsInt()
  @Min(60)
  @Max(MOST_DAYS * DAY_SECONDS)
  expires_in?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 20, default: 1 })
  @IfSent()
  @IsInt()
  @Min(1)
  @Max(20)
  views?: number;

  @ApiPropertyOptional({
    format: 'password',
    minLength: 6,
    maxLength: 1024,
    description: 'What opens it beside the link, told on another way; five wrong ones end the link',
  })
  @IfSent()
  @IsString()
  @MinLength(6)
  @MaxLength(1024)
  passphrase?: string;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', enum: SHOWN },
    description: 'Which secrets; all that the credential shows when absent',
  })
  @IfSent()
  @IsArray()
  @ArrayMinSize(1)
  @IsWithoutRepeats()
  @IsIn(SHOWN, { each: true })
  fields?: string[];

  @ApiPropertyOptional({ default: true, description: 'Revoked when the credential gets a new secret' })
  @IfSent()
  @IsBoolean()
  ends_with_rotation?: boolean;
}

export class RedeemBody {
  @ApiProperty({
    pattern: '^[A-Za-z0-9_-]{22}$',
    example: 'q1Zx0c8mT0uYxk3v5n2b7A',
    description: 'What stands in the link between # and the point',
  })
  @Matches(/^[A-Za-z0-9_-]{22}$/, { message: 'must be the 22 characters between # and the point' })
  token!: string;

  @ApiPropertyOptional({ format: 'password', minLength: 1, maxLength: 1024 })
  @IfSent()
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  passphrase?: string;
}

export class MadeShare {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({
    format: 'uri',
    example:
      'https://opskeep.example/share#q1Zx0c8mT0uYxk3v5n2b7A.R3vmQ0o2nqVd0o5b8mYq4l7tZcJ1wX9sUaKfEhTgBrM',
    description: 'The link, told this once: nobody can find it again',
  })
  url!: string;
  @ApiProperty({ format: 'date-time' }) expires_at!: string;
  @ApiProperty({ type: 'integer' }) views!: number;
}

export class ShareAnswer {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) created_by!: string;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) expires_at!: string;
  @ApiProperty({ type: 'array', items: { type: 'string' } }) fields!: string[];
  @ApiProperty({ type: 'integer' }) views!: number;
  @ApiProperty({ type: 'integer' }) views_left!: number;
  @ApiProperty() has_passphrase!: boolean;
  @ApiProperty() ends_with_rotation!: boolean;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) last_redeemed_at!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) revoked_at!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) revoked_because!: string | null;
  @ApiProperty({ description: 'Still opens' }) is_open!: boolean;
}

export class ShareAnswers {
  @ApiProperty({ type: () => [ShareAnswer] }) items!: ShareAnswer[];
}

export class RedeemedShare {
  @ApiProperty({
    description:
      'base64url of nonce (12 bytes), what is encrypted, and tag (16): AES-256-GCM under the key that stands in the link behind the ' +
      'point, with the token as additional data. In it JSON: service_name, username, external_url, secrets',
  })
  sealed!: string;
  @ApiProperty({ type: 'integer' }) views_left!: number;
}
