import { ApiProperty } from '@nestjs/swagger';
import { PageFrame } from '../../core/resource/describe/answers.js';

/** What can be wrong with a credential that works, the most pressing first. */
export const HEALTH_REASONS = [
  'expired',
  'seen_by_leaver',
  'reused',
  'weak',
  'old',
  'never_rotated',
] as const;
export type HealthReason = (typeof HEALTH_REASONS)[number];

export class UnhealthyCredential {
  @ApiProperty({ format: 'uuid' }) credential_id!: string;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) client_id!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) name!: string | null;
  @ApiProperty() service_name!: string;
  @ApiProperty({ type: 'string', nullable: true }) username!: string | null;
  @ApiProperty({ enum: HEALTH_REASONS, isArray: true, description: 'The most pressing first' })
  reasons!: HealthReason[];
  @ApiProperty({ type: 'integer', nullable: true, minimum: 0, maximum: 4, description: 'zxcvbn score' })
  strength!: number | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) expires_at!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) last_rotated_at!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'What rotates it already' })
  rotation_demand!: string | null;
}

const counts = Object.fromEntries(
  HEALTH_REASONS.map(one => [one, { type: 'integer' as const, minimum: 0, example: 3 }]),
);

export const COUNTS_OF_REASONS = {
  type: 'object' as const,
  properties: counts,
  required: [...HEALTH_REASONS],
  selfRequired: true,
  description: 'How many credentials there are of each reason, whatever is shown of them',
};

export class CredentialHealthPage extends PageFrame {
  @ApiProperty(COUNTS_OF_REASONS) counts!: Record<HealthReason, number>;
  @ApiProperty({ type: 'integer', description: 'Credentials that were looked at' }) checked!: number;
  @ApiProperty({ type: () => [UnhealthyCredential] }) items!: UnhealthyCredential[];
}
