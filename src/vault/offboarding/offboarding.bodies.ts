import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Equals, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { ProofBody } from '../../core/access/factors/proof.body.js';
import { Knower } from '../exposure/exposure.answers.js';
import { IfSent, Normalized, Reason } from '../../core/resource/bodies/body-decorators.js';

export class ExportSecretsBody extends ProofBody {
  @Reason({ example: 'The client leaves, and its next provider takes over' })
  reason!: string;

  @ApiProperty({
    format: 'password',
    example: 'four words that you tell them on the telephone',
    minLength: 12,
    maxLength: 1024,
    description: 'What opens the file; it is stored nowhere',
  })
  @IsString()
  @MinLength(12)
  @MaxLength(1024)
  passphrase!: string;
}

export class OffboardBody extends ProofBody {
  @ApiProperty({
    maxLength: 255,
    example: 'Grove Legal',
    description: 'The name of the client, as it stands there: nothing brings its secrets back',
  })
  @Normalized({ column: { length: 255 } })
  @IsString()
  @MaxLength(255)
  confirm!: string;

  @Reason({ example: 'The contract ended on 31 January' })
  reason!: string;

  @ApiPropertyOptional({
    pattern: '^[0-9a-f]{64}$',
    description:
      'SHA-256 of the file of secrets that you hold, as `sha256sum` tells it; nothing may have changed since',
  })
  @IfSent()
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be a SHA-256 in 64 hex digits' })
  export_sha256?: string;

  @ApiPropertyOptional({
    enum: [true],
    example: true,
    description: 'Instead of `export_sha256`: the secrets are wanted by nobody any more',
  })
  @IfSent()
  @Equals(true, { message: 'must be true, or absent' })
  without_export?: true;
}

export class OffboardingReport {
  @ApiProperty({ format: 'uuid' }) client_id!: string;
  @ApiProperty() client_name!: string;
  @ApiProperty() reason!: string;
  @ApiProperty({ format: 'date-time', description: 'Since when nothing of it opens' }) begun_at!: string;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) begun_by!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) keys_destroyed_at!: string | null;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Null: it was cut off, and the same call again goes on',
  })
  finished_at!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) export_sha256!: string | null;
  @ApiProperty({ type: 'integer', minimum: 0 }) keys_destroyed!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Archived, with what is no secret' })
  credentials!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Sealed values removed, of all versions' })
  secrets!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'One-time links ended' }) links!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Requests and approvals ended' })
  approvals!: number;
  @ApiProperty({
    type: () => [Knower],
    description: 'Who knows secrets: the first 1,000; `GET /api/clients/{id}/exposure` tells which',
  })
  people!: Knower[];
  @ApiProperty({ type: 'integer', minimum: 0 }) people_total!: number;
  @ApiProperty({ type: [String], description: 'What no server can destroy, and what to do about it' })
  beyond_reach!: string[];
}
