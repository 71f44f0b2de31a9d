import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { PROJECT, requireProject } from '../places.js';
import { RouteRefusal } from '../own-routes.js';
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
    const event = {
      key: randomUUID(),
      kind: 'note',
      at: new Date().toISOString(),
      session_key: 'mcp',
      source: 'mcp',
      project: requireProject(project, place),
      ...said,
    };
    const { results } = await api.send<Stored>('POST', 'memory/events', { events: [event] });
    const [{ error, resource, id }] = results as [Stored['results'][number]];
    if (error) throw new RouteRefusal(422, error.code, error.error, error.details ?? {});
    return `Remembered as ${resource} ${id}.`;
  },
});
