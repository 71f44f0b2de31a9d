import { ApiProperty } from '@nestjs/swagger';
import { Knower } from '../../../vault/exposure/exposure.answers.js';
import {
  COUNTS_OF_REASONS,
  type HealthReason,
  UnhealthyCredential,
} from '../../../vault/health/health.answers.js';
import { ReportAnswer } from '../report.answers.js';

class CredentialInNeed extends UnhealthyCredential {
  @ApiProperty({ type: String, nullable: true }) client_name!: string | null;
}

class KnownSecrets {
  @ApiProperty({ type: () => [Knower], description: 'Who knows most of them first; at most 1,000' })
  people!: Knower[];
  @ApiProperty({ type: 'integer' }) people_total!: number;
}

export class VaultHealth extends ReportAnswer {
  @ApiProperty({ type: [CredentialInNeed], description: 'The newest credential first; at most 1,000' })
  rows!: CredentialInNeed[];
  @ApiProperty(COUNTS_OF_REASONS) counts!: Record<HealthReason, number>;
  @ApiProperty({ type: 'integer', description: 'Credentials that were looked at' }) checked!: number;
  @ApiProperty({
    type: KnownSecrets,
    nullable: true,
    description: 'Who knows secrets; for the scope `msp:admin` alone, as `/clients/{id}/exposure`',
  })
  exposure!: KnownSecrets | null;
}
