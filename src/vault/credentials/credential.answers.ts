import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { resourceOf } from '../../core/resource/resource.js';
import { Credential } from './credential.entity.js';

const SECRETS = {
  type: 'object',
  additionalProperties: { type: 'string' },
  example: { password: '…' },
} as const;

export class RevealResult {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: '200, or 403 or 404 for this one' }) status!: number;
  @ApiPropertyOptional({ type: 'string', nullable: true }) name?: string | null;
  @ApiPropertyOptional() service_name?: string;
  @ApiPropertyOptional({ type: 'string', nullable: true }) username?: string | null;
  @ApiPropertyOptional(SECRETS) secrets?: object;
  @ApiPropertyOptional() error?: string;
}

export class RevealAnswer {
  @ApiProperty({ type: () => [RevealResult] }) results!: RevealResult[];
}

export class OneTimeCodeAnswer {
  @ApiProperty({ example: '123456' }) code!: string;
  @ApiProperty({ description: 'Until the next code' }) remaining_seconds!: number;
  @ApiProperty({ description: 'Seconds' }) period!: number;
  @ApiProperty() digits!: number;
}

export class VersionAnswer {
  @ApiProperty() version!: number;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) author_id!: string | null;
  @ApiProperty({ type: 'array', items: { type: 'string' } }) fields!: string[];
}

export class VersionsAnswer {
  @ApiProperty({ type: () => [VersionAnswer] }) items!: VersionAnswer[];
}

export class ReferenceAnswer {
  @ApiProperty({ example: 'opskeep://Acme%20Dental/firewall/password' }) reference!: string;
  @ApiProperty({ example: 'password' }) field!: string;
}

export class SecretsAnswer {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() version!: number;
  @ApiProperty(SECRETS) secrets!: object;
}

const STRENGTH = {
  type: 'integer',
  minimum: 0,
  maximum: 4,
  nullable: true,
  description: 'zxcvbn score: 0 is guessed at once; null when it would have taken too long to tell',
} as const;

export class GeneratedAnswer {
  @ApiProperty() value!: string;
  @ApiProperty({ description: 'Bits of entropy of the way it was made' }) entropy_bits!: number;
  @ApiProperty(STRENGTH) strength!: number | null;
}

export class StrengthAnswer {
  @ApiProperty(STRENGTH) strength!: number | null;
}

/** The metadata and, where it was asked for, what was generated. */
export class RotatedCredential extends (bodiesOf(resourceOf(Credential)).view as new () => Credential) {
  @ApiPropertyOptional({ ...SECRETS, description: 'With `reveal`: what was generated, told this once' })
  generated?: object;
}
