import { z } from 'zod';
import { resourceOf } from '../../../core/resource/resource.js';
import { BillableTime } from '../../../work/billable-time/billable-time.entity.js';
import { clientOf } from '../places.js';
import { tool } from '../tool.js';

interface Time {
  id: string;
  work_date: string;
  worked_minutes: number;
  billable_minutes: number;
  status: string;
}

const LABOUR_TYPES =
  resourceOf(BillableTime).fields.find(({ name }) => name === 'labour_type')?.choices ?? [];

/** Writes down time. */
export const logWork = tool({
  name: 'log_work',
  title: 'Log work',
  description: 'Writes a draft of time worked for a client. Rate and rounding are those that were agreed.',
  input: z.strictObject({
    client: z.string().min(1).max(255).describe('Name or id'),
    minutes: z.int().min(1).max(1440).describe('As they were worked'),
    text: z.string().min(1).max(10_000).describe('What was done'),
    labour_type: z.enum(LABOUR_TYPES).optional().describe('`remote` when absent'),
    work_date: z.iso.date().optional().describe('Today, where the client is, when absent'),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
  scope: 'msp:write',
  paths: ['billable-time', 'clients'],
  run: async ({ client, minutes, text, labour_type = 'remote', work_date }, { api }) => {
    const { id: client_id, name } = await clientOf(client, api);
    const day =
      work_date === undefined
        ? { started_at: new Date(Date.now() - minutes * 60_000).toISOString() }
        : { work_date };
    const time = await api.send<Time>('POST', 'billable-time', {
      client_id,
      worked_minutes: minutes,
      labour_type,
      description: text,
      ...day,
    });
    return `Logged ${time.worked_minutes} minutes for ${name} on ${time.work_date}, billed as ${time.billable_minutes}: ${time.status} ${time.id}.`;
  },
});
