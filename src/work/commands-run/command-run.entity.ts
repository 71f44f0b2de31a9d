import {
  Choice,
  Flag,
  LongText,
  MayBelongTo,
  Moment,
  Text,
  Whole,
} from '../../core/table/field-decorators.js';
import { Resource, via } from '../../core/resource/resource.js';
import { Infrastructure } from '../../estate/infrastructure/infrastructure.entity.js';
import { Machine } from '../../directory/machines/machine.entity.js';
import { now } from '../../core/database/values.js';
import { MASKED, SessionDetail } from '../sessions/session-detail.js';

@Resource({
  name: 'command_run',
  path: 'commands-run',
  about: 'Commands that were run in a session, numbered in their order (`sort=execution_order`).',
  client: via('session_id'),
  inheritsClient: true,
  overview: 'changes',
  redacts: ['command_text', 'host', 'output_summary', 'failure_reason'],
  customFields: true,
  indexes: [['session_id', 'execution_order']],
})
export class CommandRun extends SessionDetail {
  @LongText({ search: true, description: `The command; ${MASKED}`, example: 'systemctl restart nginx' })
  command_text!: string;
  @Text({ optional: true, search: true, index: true, description: 'The name of the host that it ran on' })
  host!: string | null;
  @MayBelongTo(() => Machine) machine_id!: string | null;
  @MayBelongTo(() => Infrastructure, { listBy: true })
  infrastructure_id!: string | null;
  @Choice(['bash', 'powershell', 'cmd', 'sql', 'ssh', 'docker', 'other']) shell_type!: string;
  @Flag({ optional: true }) success!: boolean | null;
  @Whole({ min: -2_147_483_648, optional: true }) exit_code!: number | null;
  @LongText({ optional: true, search: true, description: `What it said; ${MASKED}` })
  output_summary!: string | null;
  @LongText({ optional: true, description: `Why it failed; ${MASKED}` }) failure_reason!: string | null;
  @Whole({ optional: true }) duration_ms!: number | null;
  @Moment({ default: now, description: 'Now when absent' }) executed_at!: string;
  @Whole({ min: 1, assigned: true, description: 'Behind the last one of the session when absent' })
  execution_order!: number;
}
