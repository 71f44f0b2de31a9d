import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { PROJECT, requireProject } from '../places.js';
import { type OwnApi, RouteRefusal } from '../own-routes.js';
import { tool } from '../tool.js';

interface Stored {
  results: {
    status: string;
    resource?: string;
    id?: string;
    error?: { error: string; code: string; details?: Record<string, unknown> };
  }[];
}

/** Keeps one thing. */
export const remember = tool({
  name: 'remember',
  title: 'Remember',
  description:
    'Keeps one thing that will be worth knowing later: a decision with its reason, a fact about an installation, a ' +
    'lesson. Secrets are masked; they belong into the vault.',
  input: z.strictObject({
    text: z.string().min(1).max(65_536),
    title: z.string().min(1).max(500).optional(),
    tags: z.array(z.string().min(1).max(100)).max(20).optional(),
    project: PROJECT,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
  scope: 'msp:write',
  paths: ['memory'],
  run: async ({ project, ...said }, { api, place }) => {
    const named = requireProject(project, place);
    const event = {
      key: randomUUID(),
      kind: 'note',
      at: new Date().toISOString(),
      session_key: 'mcp',
      source: 'mcp',
      project: named,
      ...said,
    };
    const isNew = project !== undefined && (await isUnknown(named, api));
    const { results } = await api.send<Stored>('POST', 'memory/events', { events: [event] });
    const [{ error, resource, id }] = results as [Stored['results'][number]];
    if (error) throw new RouteRefusal(422, error.code, error.error, error.details ?? {});
    const made = isNew ? ' No project was called so: it was made for this.' : '';
    return `Remembered as ${resource} ${id}.${made}`;
  },
});

/** Whether the caller knows no such project; false where he may not ask. */
async function isUnknown({ name, remote }: { name: string; remote?: string }, api: OwnApi): Promise<boolean> {
  try {
    const asked = { name, remote, max_tokens: 50 };
    return (await api.get<{ project_id: string | null }>('memory/index', asked)).project_id === null;
  } catch (error) {
    if (error instanceof RouteRefusal) return false;
    throw error;
  }
}
