import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { IfSent } from '../../resource/bodies/body-decorators.js';
import { ErrorAnswer } from '../../http/errors/error-answer.js';
import { OAUTH_ERRORS } from './oauth-error.filter.js';

/** The form of OAuth 2's password flow. */
export class TokenBody {
  @ApiProperty({ enum: ['password'] })
  @IsString()
  @MaxLength(100)
  grant_type!: string;

  @ApiProperty({ description: 'The email', minLength: 1, maxLength: 254, example: 'admin@localhost' })
  @IsString()
  @MinLength(1)
  @MaxLength(254)
  username!: string;

  @ApiProperty({ format: 'password', minLength: 1, maxLength: 1024 })
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  password!: string;

  @ApiPropertyOptional({
    description: 'Scopes, separated by spaces. All scopes of the user are granted; the answer names them',
    maxLength: 200,
  })
  @IfSent()
  @IsString()
  @MaxLength(200)
  scope?: string;

  @ApiPropertyOptional({ description: 'Six digits, when a second factor is enrolled', pattern: '^\\d{6}$' })
  @IfSent()
  @Matches(/^\d{6}$/, { message: 'must be six digits' })
  otp?: string;
}

export class OAuthTokenAnswer {
  @ApiProperty({ description: 'A JWT for `Authorization: Bearer`' }) access_token!: string;
  @ApiProperty({ enum: ['bearer'] }) token_type!: string;
  @ApiProperty({ description: 'Seconds', example: 3600 }) expires_in!: number;
  @ApiProperty({ description: 'For `POST /api/auth/refresh`; works once' }) refresh_token!: string;
  @ApiProperty({ description: 'What was granted', example: 'msp:read msp:write' }) scope!: string;
}

/** The usual answer of a refusal, with the two members of RFC 6749, section 5.2. */
export class OAuthErrorAnswer extends ErrorAnswer {
  @ApiProperty({ enum: OAUTH_ERRORS, example: 'invalid_grant' }) declare error: string;
  @ApiProperty({ example: 'Wrong email, password or code, or the account is disabled or locked for a while' })
  error_description!: string;
}
