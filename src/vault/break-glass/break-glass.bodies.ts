import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { IfSent, Reason } from '../../core/resource/bodies/body-decorators.js';

export class BreakGlassBody {
  @Reason({ min: 10, example: 'Its owner is ill, and the mail server is down' })
  reason!: string;

  @ApiPropertyOptional({
    format: 'password',
    example: 'a long phrase that only you know',
    minLength: 1,
    maxLength: 1024,
    description: 'Your present password; either this or a code is needed',
  })
  @IfSent()
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  password?: string;

  @ApiPropertyOptional({
    pattern: '^\\d{6}$',
    description: 'A fresh code of your second factor; the header X-Opskeep-Otp is as good',
  })
  @IfSent()
  @Matches(/^\d{6}$/, { message: 'must be six digits' })
  otp?: string;
}

export class BreakGlassAnswer {
  @ApiProperty({ format: 'uuid' }) credential_id!: string;
  @ApiProperty({ enum: ['reveal', 'manage'], description: 'manage where the owner is disabled or gone' })
  level!: string;
  @ApiProperty({ format: 'date-time', description: 'Until when; 15 minutes' }) expires_at!: string;
  @ApiProperty({ format: 'uuid', description: 'The security incident that tells of it' })
  incident_id!: string;
}
