import type { Calendar } from './calendar.js';
import type { HistoryRow } from './history-row.js';
import type { Firm } from './firms.js';
import { JOBS } from './jobs.js';
import type { Random } from './random.js';

const INCIDENTS = [
  {
    incident_type: 'phishing',
    title: 'Invoice mail with a copied log-in page',
    findings: 'One password was typed; it was changed, sessions were ended.',
  },
  {
    incident_type: 'brute_force',
    title: 'Thousands of log-ins against the remote desktop gateway',
    findings: 'None succeeded; the gateway answers from our addresses alone now.',
  },
  {
    incident_type: 'unauthorized_access',
    title: 'A mailbox forwards to an address outside',
    findings: 'The rule was removed; eleven mails had left.',
  },
];

/** What is open: promises, tasks with what they wait for, and an incident now and then. */
export function openOf(firm: Firm, index: number, calendar: Calendar, random: Random): HistoryRow[] {
  const task = (label: string, title: string, more: object): HistoryRow => ({
    path: 'tasks',
    label,
    body: { client_id: '@client', project_id: '@project', title, ...more },
  });
  const { title, findings, ...kind } = random.pick(INCIDENTS);
  const incident: HistoryRow = {
    path: 'security-incidents',
    body: {
      client_id: '@client',
      ...kind,
      title,
      findings,
      incident_date: calendar.dayBefore(random.whole(20, 700)),
      severity: random.pick(['low', 'medium', 'high']),
      description: `${firm.contact} called us. ${title}.`,
    },
  };
  return [
    task('plan', 'Write the continuity plan', { status: 'in_progress', assigned_to: '@ana' }),
    task('inventory', 'List what must come back first', { parent_task_id: '@plan', status: 'completed' }),
    task('order', 'Agree on the order of recovery', { parent_task_id: '@plan' }),
    task('drill', 'Drill with everybody', {
      parent_task_id: '@plan',
      due_at: calendar.momentBefore(-random.whole(10, 60)),
    }),
    {
      path: 'pending-tasks',
      body: {
        client_id: '@client',
        title: random.pick(['Offer for new laptops', 'Report of the restore test', 'Price of a second line']),
        priority: random.pick(['low', 'medium', 'high']),
        due_on: calendar.dayBefore(-random.whole(1, 21)),
        assigned_to: '@ben',
      },
    },
    ...(index % 3 === 0 ? [incident] : []),
  ];
}

/** What was learned at this client, for people and for assistants. */
export function memoryOf(firm: Firm, random: Random): HistoryRow[] {
  const solutions = JOBS.flatMap(({ solution }) => (solution ? [solution] : []))
    .filter(() => random.chance(60))
    .map(({ problem, error, cause, cure }): HistoryRow => ({
      path: 'problem-solutions',
      body: {
        client_id: '@client',
        infrastructure_id: '@app',
        title: problem,
        problem: `${problem} (${firm.name})`,
        error_text: error,
        root_cause: cause,
        solution: cure,
        verified: random.chance(70),
      },
    }));
  return [
    ...solutions,
    {
      path: 'operation-failures',
      body: {
        client_id: '@client',
        operation_type: 'command',
        target: `${firm.code}-nas01`,
        error_message: `find: unknown predicate '-delete' on ${firm.code}-nas01`,
        resolution: 'Use -exec rm {} + on this system.',
      },
    },
    {
      path: 'environmental-insights',
      body: {
        client_id: '@client',
        infrastructure_id: '@nas',
        category: 'command_constraints',
        title: 'BusyBox instead of GNU tools',
        description: 'find has no -delete with -mtime on this system; use -exec rm {} +.',
        confidence: 'confirmed',
        priority: random.whole(3, 8),
      },
    },
    {
      path: 'conversation-contexts',
      body: {
        client_id: '@client',
        project_id: '@project',
        context_type: 'technical_decision',
        title: `Restore order at ${firm.name}`,
        dense_summary: `Directory first, then the database, then ${firm.software}; phones work without us.`,
        key_decisions: ['Directory first', 'Database before application'],
      },
    },
    {
      path: 'context-snippets',
      body: {
        client_id: '@client',
        project_id: '@project',
        category: 'lesson',
        title: `Before work at ${firm.code}`,
        content: `Call ${firm.contact} before a restart of ${firm.software}.`,
        importance: random.whole(4, 9),
      },
    },
  ];
}
