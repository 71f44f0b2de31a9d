import { ApiProperty } from '@nestjs/swagger';
import { type Outcome, OUTCOMES } from '../../core/audit/journal-entry.entity.js';
import { PageFrame } from '../../core/resource/describe/answers.js';
import type { Row } from '../../core/database/sql.js';
import { decodeMoment } from '../../core/database/values.js';

/** The actions that programs of the earlier system know, and those that owners must be told of. */
export const LOG_ACTIONS = [
  'view',
  'create',
  'update',
  'delete',
  'rotate',
  'decrypt',
  'break_glass',
  'grant',
  'revoke',
  'mask',
  'approval',
] as const;
export type LogAction = (typeof LOG_ACTIONS)[number];

/** An entry of the journal about a credential, in the shape of the earlier system. */
export class CredentialAuditLog {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'Stays when the credential is gone',
  })
  credential_id!: string | null;
  @ApiProperty({ enum: LOG_ACTIONS }) action!: LogAction;
  @ApiProperty({ type: 'string', nullable: true }) user_id!: string | null;
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'The access token by which it was done',
  })
  token_id!: string | null;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'What the token is called, for those who see it',
  })
  token_name!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) ip_address!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) user_agent!: string | null;
  @ApiProperty({ format: 'date-time' }) timestamp!: string;
  @ApiProperty({ enum: OUTCOMES, description: 'refused: it did not happen' }) outcome!: Outcome;
  @ApiProperty({ type: 'object', additionalProperties: true }) details!: Record<string, unknown>;
}

export class CredentialAuditLogPage extends PageFrame {
  @ApiProperty({ type: () => [CredentialAuditLog] }) items!: CredentialAuditLog[];
}

/** A row of the journal as the query of this view gives it; `twin` marks the view beside a decrypt. */
export interface JournalRow extends Row {
  n: number;
  twin: number;
  id: string;
  action: string;
  resource_id: string | null;
  actor_id: string | null;
  token_id: string | null;
  name: string | null;
  ip: string | null;
  user_agent: string | null;
  at: string;
  outcome: Outcome;
  details: string | null;
}

/** Which of the journal's actions are shown as each action here. */
export const JOURNAL_ACTIONS: Record<LogAction, { own: string[]; twin: boolean }> = {
  view: { own: ['credential.view', 'credential.replay', 'credential.refused'], twin: true },
  create: { own: ['credential.create'], twin: false },
  update: { own: ['credential.update'], twin: false },
  delete: { own: ['credential.delete'], twin: false },
  rotate: { own: ['credential.rotate'], twin: false },
  decrypt: { own: ['credential.decrypt', 'credential.reveal'], twin: false },
  break_glass: { own: ['credential.break_glass'], twin: false },
  grant: { own: ['credential.grant'], twin: false },
  revoke: { own: ['credential.revoke'], twin: false },
  mask: { own: ['credential.mask'], twin: false },
  approval: { own: ['credential.approval'], twin: false },
};

const SHOWN = new Map(
  (Object.entries(JOURNAL_ACTIONS) as [LogAction, { own: string[] }][]).flatMap(([shown, { own }]) =>
    own.map(action => [action, shown]),
  ),
);

/** Every action that has a name here; others are changes of some kind, and shown as updates. */
export const NAMED_ACTIONS = [...SHOWN.keys()];

/** The id of the view beside a decrypt: the entry's UUIDv7 as a UUIDv8 (RFC 9562, 5.8: free for own use). */
function twinId(id: string): string {
  return `${id.slice(0, 14)}8${id.slice(15)}`;
}

/** The entry behind an id of this view, and whether its twin is meant. */
export function entryOf(id: string): { id: string; twin: number } {
  return id.charAt(14) === '8' ? { id: `${id.slice(0, 14)}7${id.slice(15)}`, twin: 1 } : { id, twin: 0 };
}

export function toLog(row: JournalRow, token_name: string | null): CredentialAuditLog {
  return {
    id: row.twin === 1 ? twinId(row.id) : row.id,
    credential_id: row.resource_id,
    action: row.twin === 1 ? 'view' : (SHOWN.get(row.action) ?? 'update'),
    user_id: row.actor_id,
    token_id: row.token_id,
    token_name,
    ip_address: row.ip,
    user_agent: row.user_agent,
    timestamp: decodeMoment(row.at),
    outcome: row.outcome,
    details: { name: row.name, ...(row.details === null ? {} : (JSON.parse(row.details) as object)) },
  };
}
