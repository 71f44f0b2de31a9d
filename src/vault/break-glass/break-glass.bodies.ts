import { ApiProperty } from '@nestjs/swagger';
import { ProofBody } from '../../core/access/factors/proof.body.js';
import { Reason } from '../../core/resource/bodies/body-decorators.js';

export class BreakGlassBody extends ProofBody {
  @Reason({ min: 10, example: 'Its owner is ill, and the mail server is down' })
  reason!: string;
}

export class BreakGlassAnswer {
  @ApiProperty({ format: 'uuid' }) credential_id!: string;
  @ApiProperty({ enum: ['reveal', 'manage'], description: 'manage where the owner is disabled or gone' })
  level!: string;
  @ApiProperty({ format: 'date-time', description: 'Until when; 15 minutes' }) expires_at!: string;
  @ApiProperty({ format: 'uuid', description: 'The security incident that tells of it' })
  incident_id!: string;
}
