import { dayIn, type DemoRow, rowsOf } from './seed-row.js';

const RATE_RULES = rowsOf('rate-rules', {
  'every quarter of an hour': { increment_minutes: 15, minimum_minutes: 15, rounding: 'up' },
  'visits of an hour': { labour_type: 'onsite', increment_minutes: 30, minimum_minutes: 60, rounding: 'up' },
  'dental by the job': {
    client_id: '@dental',
    labour_type: 'remote',
    increment_minutes: 30,
    rounding: 'up',
    scope: 'work_item',
  },
});

const PROJECTS = rowsOf('projects', {
  'dental-server': {
    client_id: '@dental',
    name: 'Replace the server at Quay Street',
    category: 'infrastructure',
    priority: 'high',
    description: 'New host before the warranty ends; move the domain controller and the practice software.',
    technologies: ['Hyper-V', 'Active Directory'],
    started_on: dayIn(-20),
    due_on: dayIn(40),
    estimated_hours: '32.00',
    tags: ['migration'],
  },
  'legal-mail': {
    client_id: '@legal',
    name: 'Mailboxes to Microsoft 365',
    status: 'planned',
    technologies: ['Microsoft 365', 'Exchange Online'],
    due_on: dayIn(75),
    estimated_hours: '18.50',
    tags: ['microsoft 365', 'migration'],
  },
  'foundry-vpn': {
    client_id: '@foundry',
    name: 'VPN for the furnace maker',
    category: 'infrastructure',
    status: 'complete',
    started_on: dayIn(-90),
    completed_on: dayIn(-60),
  },
  'own-runbooks': {
    client_id: '@own',
    name: 'Runbooks',
    category: 'documentation',
    priority: 'low',
    repository_url: 'https://git.msp.example/runbooks.git',
  },
});

/** What is being worked on, and what it costs. */
export function workRows(): DemoRow[] {
  return [...RATE_RULES, ...PROJECTS];
}
