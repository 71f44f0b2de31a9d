import { z } from 'zod';
import { resourceOf } from '../../../core/resource/resource.js';
import { BillableTime } from '../../../work/billable-time/billable-time.entity.js';
import { clientOf } from '../places.js';
import type { OwnApi } from '../own-routes.js';
import { tool } from '../tool.js';

/** Assistants repeat what they got no answer to. */
const REPEATED_MS = 10 * 60_000;

interface Time {
  id: string;
  started_at: string | null;
  description: string | null;
  work_date: string;
  worked_minutes: number;
  billable_minutes: number;
  status: string;
}

const LABOUR_TYPES =
  resourceOf(BillableTime).fields.find(({ name }) => name === 'labour_type')?.choices ?? [];

interface Wanted {
  client_id: string;
  worked_minutes: number;
  labour_type: string;
  description: string;
}

/** The draft that the caller made of the same words a moment ago. */
async function repeated(
  api: OwnApi,
  user_id: string,
  { description, ...same }: Wanted,
  work_date: string | undefined,
): Promise<Time | undefined> {
  const created_at__gte = new Date(Date.now() - REPEATED_MS).toISOString();
  const query = { ...same, user_id, status: 'draft', created_at__gte, work_date, limit: 100 };
  const { items } = await api.get<{ items: Time[] }>('billable-time', query);
  return items.find(
    one => one.description === description && (one.started_at === null) === (work_date !== undefined),
  );
}

/** Writes down time. */
export const logWork = tool({
  name: 'log_work',
  title: 'Log work',
  description:
    'Writes a draft of time worked for a client. Rate and rounding are those that were agreed. Repeated within ten minutes, it writes nothing.',
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
  run: async ({ client, minutes, text, labour_type = 'remote', work_date }, { api, actor }) => {
    const { id: client_id, name } = await clientOf(client, api);
    const wanted = { client_id, worked_minutes: minutes, labour_type, description: text };
    const known = await repeated(api, actor.id, wanted, work_date);
    if (known)
      return `That is logged already, as the draft ${known.id} of ${known.work_date}: nothing was written. If it was done twice, say so in the text.`;
    const day =
      work_date === undefined
        ? { started_at: new Date(Date.now() - minutes * 60_000).toISOString() }
        : { work_date };
    const time = await api.send<Time>('POST', 'billable-time', { ...wanted, ...day });
    return `Logged ${time.worked_minutes} minutes for ${name} on ${time.work_date}, billed as ${time.billable_minutes}: ${time.status} ${time.id}.`;
  },
});
