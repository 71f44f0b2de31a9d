import { z } from 'zod';
import { ValidationError } from '../../../core/context/errors.js';
import type { ProjectState } from '../../../memory/project-states/project-state.entity.js';
import { PROJECT, requireProject } from '../places.js';
import { tool } from '../tool.js';

const LINES = z.array(z.string().min(1).max(1000)).max(50).optional();

const CHANGES = {
  phase: z.string().min(1).max(100).optional(),
  progress_percent: z.int().min(0).max(100).optional(),
  current_focus: z.string().max(10_000).optional(),
  context_summary: z.string().max(20_000).optional(),
  blockers: LINES,
  next_actions: LINES,
  completed: LINES,
  important_decisions: LINES,
  key_files: LINES,
} satisfies Partial<Record<keyof ProjectState, z.ZodType>>;

/** Where a project stands, and what changes of it. */
export const projectState = tool({
  name: 'project_state',
  title: 'State of the project',
  description:
    'Tells where a project stands: phase, focus, blockers, next actions and last decisions. With `changes` it says what ' +
    'is different now; what is absent there stays.',
  input: z.strictObject({
    project: PROJECT,
    changes: z.strictObject(CHANGES).optional().describe('Lists take the place of those before'),
    max_tokens: z.int().min(50).max(20_000).optional().describe('1,000 when absent'),
  }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  scope: 'msp:read',
  paths: ['memory', 'project-states'],
  run: async ({ project, changes, max_tokens }, { api, place }) => {
    const { name, remote } = requireProject(project, place);
    const query = { name, remote, max_tokens };
    const index = () => api.get<{ project_id: string | null; markdown: string }>('memory/index', query);
    const before = await index();
    if (changes !== undefined) {
      if (before.project_id === null)
        throw ValidationError.of('project', 'must be known: remember something of it first', 'project');
      await api.send('PUT', `project-states/by-project/${before.project_id}`, changes);
    }
    const { markdown } = changes === undefined ? before : await index();
    return markdown === '' ? 'Nothing is known about this project.' : markdown;
  },
});
