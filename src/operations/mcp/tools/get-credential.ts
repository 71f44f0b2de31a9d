import { z } from 'zod';
import { mayOpen } from '../../../core/context/actor.js';
import { ValidationError } from '../../../core/context/errors.js';
import { isUuid } from '../../../core/database/values.js';
import { clientOf } from '../places.js';
import { type Call, tool } from '../tool.js';

interface Found {
  id: string;
  name: string | null;
  service_name: string;
}

/** Where a secret is, or the secret. */
export const getCredential = tool({
  name: 'get_credential',
  title: 'Get a credential',
  description:
    'Returns a reference to a secret (`opskeep://…`), which tells people where it is, so that the secret itself is in no ' +
    'conversation. Only with an access token that is made to reveal this credential it returns ' +
    'the secret. Each call is on the audit trail with its reason.',
  input: z.strictObject({
    credential: z.string().min(1).max(255).describe('Its id, its name, or the service that it is for'),
    client: z.string().min(1).max(255).optional().describe('Name or id, where the name alone is not enough'),
    field: z.string().max(50).optional().describe('Such as password or api_key; the main secret when absent'),
    reason: z.string().min(1).max(500).describe('What it is needed for'),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
  scope: 'msp:read',
  paths: ['credentials'],
  run: async ({ credential, client, field, reason }, { api, actor }) => {
    const { id, name, service_name } = await find(credential, client, api);
    if (actor.token && mayOpen(actor, id)) {
      const { secrets } = await api.send<{ secrets: Record<string, string> }>(
        'POST',
        `credentials/${id}/reveal`,
        { reason },
      );
      const shown = field === undefined ? secrets : { [field]: secrets[field] };
      return JSON.stringify({ id, name, service_name, secrets: shown });
    }
    const body = field === undefined ? { reason } : { reason, field };
    const { reference } = await api.send<{ reference: string }>('POST', `credentials/${id}/reference`, body);
    return JSON.stringify({ id, name, service_name, reference });
  },
});

async function find(named: string, client: string | undefined, api: Call['api']): Promise<Found> {
  const client_id = client === undefined ? undefined : (await clientOf(client, api)).id;
  const query = { client_id, fields: 'id,name,service_name', limit: 10 };
  for (const by of isUuid(named) ? (['id'] as const) : (['name', 'service_name'] as const)) {
    const { items } = await api.get<{ items: Found[] }>('credentials', { [by]: named, ...query });
    const [first, ...more] = items;
    if (first && more.length === 0) return first;
    if (first) {
      const ids = items.map(one => `${one.name ?? one.service_name} (${one.id})`).join(', ');
      throw ValidationError.of('credential', `must name one credential: there are ${ids}`, 'credential');
    }
  }
  throw ValidationError.of(
    'credential',
    'must be the id, name or service of a credential; none is called so',
    'credential',
  );
}
