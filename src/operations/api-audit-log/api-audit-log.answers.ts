import { ApiProperty } from '@nestjs/swagger';
import {
  ACTOR_TYPES,
  type ActorType,
  type Outcome,
  OUTCOMES,
} from '../../core/audit/journal-entry.entity.js';
import { PageFrame } from '../../core/resource/describe/answers.js';

const text = (description?: string) => ApiProperty({ type: 'string', nullable: true, description });
const uuid = (description?: string) =>
  ApiProperty({ type: 'string', format: 'uuid', nullable: true, description });
const map = (description: string) => ApiProperty({ type: 'object', additionalProperties: true, description });

/** An entry of the journal as it stands. */
export class ApiAuditLogEntry {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ enum: ACTOR_TYPES, description: '`token`: a user, by an access token' })
  actor_type!: ActorType;
  @text('The id of a user, or the name of a job or of the command line') actor_id!: string | null;
  @text('At that time') actor_name!: string | null;
  @uuid('The access token by which it was done') token_id!: string | null;
  @ApiProperty({ example: 'client.update' }) action!: string;
  @ApiProperty({ enum: OUTCOMES, description: 'refused: it did not happen' }) outcome!: Outcome;
  @text() resource_type!: string | null;
  @text('Stays when the row is gone') resource_id!: string | null;
  @uuid() client_id!: string | null;
  @text('Of the row, at that time') name!: string | null;
  @text() ip!: string | null;
  @text() user_agent!: string | null;
  @text('Ours: `X-Request-Id` of the answer') request_id!: string | null;
  @text('What the client called its request') client_request_id!: string | null;
  @map('Names of changed fields, reasons, counts') details!: Record<string, unknown>;
  @map('What is not secret, as [before, after]') changes!: Record<string, unknown>;
}

export class ApiAuditLogPage extends PageFrame {
  @ApiProperty({ type: () => [ApiAuditLogEntry] }) items!: ApiAuditLogEntry[];
}
