import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { IfSent, Normalized } from '../../resource/bodies/body-decorators.js';
import { IsLoginEmail, IsVisible } from '../../table/validators.js';
import { SCOPES } from '../../context/actor.js';

export class LoginBody {
  @ApiProperty({ example: 'admin@localhost' })
  @Normalized({ lower: true, column: { length: 254 } })
  @IsLoginEmail()
  @MaxLength(254)
  email!: string;

  @ApiProperty({ format: 'password', minLength: 1, maxLength: 1024 })
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  password!: string;

  @ApiPropertyOptional({ description: 'Six digits, when a second factor is enrolled', pattern: '^\\d{6}$' })
  @IfSent()
  @Matches(/^\d{6}$/, { message: 'must be six digits' })
  otp?: string;

  @ApiPropertyOptional({ description: 'The computer that logs in', maxLength: 255 })
  @IfSent()
  @IsString()
  @MaxLength(255)
  @IsVisible()
  machine?: string;
}

export class RefreshBody {
  @ApiProperty({ minLength: 1, maxLength: 200 })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  refresh_token!: string;
}

export class ChangePasswordBody {
  @ApiProperty({ format: 'password', maxLength: 1024 })
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  current_password!: string;

  @ApiProperty({
    format: 'password',
    minLength: 12,
    maxLength: 1024,
    example: 'another phrase that only you know',
  })
  @IsString()
  @MinLength(12)
  @MaxLength(1024)
  new_password!: string;
}

export class EnrollBody {
  @ApiProperty({ format: 'password', maxLength: 1024, description: 'The present one' })
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  password!: string;
}

export class OtpBody {
  @ApiProperty({ pattern: '^\\d{6}$', example: '123456' })
  @Matches(/^\d{6}$/, { message: 'must be six digits' })
  otp!: string;
}

export class DisableBody extends OtpBody {
  @ApiProperty({ format: 'password', maxLength: 1024, description: 'The present one' })
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  password!: string;
}

/** What the earlier credentials manager's clients send as a form. */
export class LegacyLoginBody {
  @ApiProperty() @IsString() @MinLength(1) @MaxLength(254) username!: string;
  @ApiProperty({ format: 'password' }) @IsString() @MinLength(1) @MaxLength(1024) password!: string;
  @IsOptional() grant_type?: unknown;
  @IsOptional() scope?: unknown;
  @IsOptional() client_id?: unknown;
  @IsOptional() client_secret?: unknown;
}

export class TokenAnswer {
  @ApiProperty({ description: 'A JWT for `Authorization: Bearer`' }) access_token!: string;
  @ApiProperty({ enum: ['bearer'] }) token_type!: string;
  @ApiProperty({ description: 'Seconds', example: 3600 }) expires_in!: number;
  @ApiProperty({ description: 'Works once; the answer brings the next' }) refresh_token!: string;
  @ApiProperty({ type: 'array', items: { type: 'string', enum: [...SCOPES] } }) scopes!: string[];
}

export class TotpAnswer {
  @ApiProperty({ description: 'The seed in base32; shown this once' }) secret!: string;
  @ApiProperty({ example: 'otpauth://totp/Opskeep:admin%40localhost?…' }) uri!: string;
}
