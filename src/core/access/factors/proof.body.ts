import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { IfSent } from '../../resource/bodies/body-decorators.js';

/** What a body brings to prove that its sender is there. */
export abstract class ProofBody {
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
