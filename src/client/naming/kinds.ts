/** A list of the server that is searched. */
export interface Kind {
  /** Of the list, behind `/api`. */
  path: string;
  /** What one of its rows is called. */
  kind: string;
  /** What it is called by: the first that it has. */
  called: string[];
  /** Whether its rows belong to clients. */
  client?: false;
}

/** Every list of the server that has `q=` (test/client/find.test.ts compares them), the first are shown first. */
export const KINDS: Kind[] = [
  { path: 'clients', kind: 'client', called: ['name'], client: false },
  { path: 'contacts', kind: 'contact', called: ['name'] },
  { path: 'sites', kind: 'site', called: ['name'] },
  { path: 'credentials', kind: 'credential', called: ['name', 'service_name'] },
  { path: 'infrastructure', kind: 'infrastructure', called: ['hostname'] },
  { path: 'services', kind: 'service', called: ['name'] },
  { path: 'networks', kind: 'network', called: ['name'] },
  { path: 'firewall-rules', kind: 'firewall rule', called: ['name'] },
  {
    path: 'm365-tenants',
    kind: 'M365 tenant',
    called: ['tenant_name', 'default_domain'],
  },
  { path: 'domains', kind: 'domain', called: ['name'] },
  {
    path: 'machines',
    kind: 'machine',
    called: ['friendly_name', 'hostname'],
    client: false,
  },
  { path: 'projects', kind: 'project', called: ['name'] },
  { path: 'tasks', kind: 'task', called: ['title'] },
  { path: 'pending-tasks', kind: 'pending task', called: ['title'] },
  { path: 'sessions', kind: 'session', called: ['title'] },
  { path: 'work-items', kind: 'work item', called: ['title'] },
  { path: 'ticket-links', kind: 'ticket', called: ['title', 'ticket_number'] },
  { path: 'billable-time', kind: 'billable time', called: ['description', 'labour_type'] },
  { path: 'security-incidents', kind: 'security incident', called: ['title'] },
  { path: 'problem-solutions', kind: 'solution', called: ['title', 'problem'] },
  { path: 'decision-logs', kind: 'decision', called: ['decision_text'] },
  { path: 'context-snippets', kind: 'note', called: ['title'] },
  { path: 'conversation-contexts', kind: 'conversation', called: ['title'] },
  { path: 'conversation-turns', kind: 'conversation turn', called: ['text'] },
  { path: 'project-states', kind: 'project state', called: ['current_focus', 'phase'] },
  { path: 'failure-patterns', kind: 'failure pattern', called: ['description'] },
  { path: 'environmental-insights', kind: 'insight', called: ['title'] },
  {
    path: 'operation-failures',
    kind: 'failure',
    called: ['error_message', 'operation_type'],
  },
  { path: 'commands-run', kind: 'command', called: ['command_text'] },
  { path: 'file-changes', kind: 'file change', called: ['file_path'] },
  { path: 'deployments', kind: 'deployment', called: ['version_label', 'deployment_type'] },
  {
    path: 'database-changes',
    kind: 'database change',
    called: ['database_name', 'change_type'],
  },
  {
    path: 'infrastructure-changes',
    kind: 'change',
    called: ['target_system', 'change_type'],
  },
  { path: 'service-relationships', kind: 'relationship', called: ['notes', 'relationship_type'] },
  { path: 'external-integrations', kind: 'integration call', called: ['action', 'system'] },
  { path: 'backup-log', kind: 'backup', called: ['file_path'], client: false },
  { path: 'rate-rules', kind: 'rate rule', called: ['notes', 'labour_type'] },
  { path: 'tags', kind: 'tag', called: ['name'], client: false },
  {
    path: 'custom-field-definitions',
    kind: 'custom field',
    called: ['label', 'key'],
    client: false,
  },
  { path: 'access-tokens', kind: 'access token', called: ['name'], client: false },
  { path: 'webhooks', kind: 'webhook', called: ['description'], client: false },
  { path: 'users', kind: 'user', called: ['name'], client: false },
];
