/** A list of the server that is searched. */
export interface Kind {
  /** Of the list, behind `/api`. */
  path: string;
  /** What one of its rows is called. */
  kind: string;
  /** What it is called by: the first that it has. */
  called: string[];
  /** What else to show of it. */
  also?: string;
  /** Whether its rows belong to clients. */
  client?: false;
}

/** Every list of the server that has `q=` (test/client/find.test.ts compares them), the first are shown first. */
export const KINDS: Kind[] = [
  { path: 'clients', kind: 'client', called: ['name'], also: 'domain_name', client: false },
  { path: 'contacts', kind: 'contact', called: ['name'], also: 'email' },
  { path: 'sites', kind: 'site', called: ['name'], also: 'address' },
  { path: 'credentials', kind: 'credential', called: ['name', 'service_name'], also: 'username' },
  { path: 'infrastructure', kind: 'infrastructure', called: ['hostname'], also: 'asset_type' },
  { path: 'services', kind: 'service', called: ['name'], also: 'service_type' },
  { path: 'networks', kind: 'network', called: ['name'], also: 'cidr' },
  { path: 'firewall-rules', kind: 'firewall rule', called: ['name'], also: 'action' },
  {
    path: 'm365-tenants',
    kind: 'M365 tenant',
    called: ['tenant_name', 'default_domain'],
    also: 'default_domain',
  },
  {
    path: 'machines',
    kind: 'machine',
    called: ['friendly_name', 'hostname'],
    also: 'platform',
    client: false,
  },
  { path: 'projects', kind: 'project', called: ['name'], also: 'status' },
  { path: 'tasks', kind: 'task', called: ['title'], also: 'status' },
  { path: 'pending-tasks', kind: 'pending task', called: ['title'], also: 'status' },
  { path: 'sessions', kind: 'session', called: ['title'], also: 'status' },
  { path: 'work-items', kind: 'work item', called: ['title'], also: 'status' },
  { path: 'ticket-links', kind: 'ticket', called: ['title', 'ticket_number'], also: 'ticket_number' },
  { path: 'billable-time', kind: 'billable time', called: ['description', 'labour_type'], also: 'status' },
  { path: 'security-incidents', kind: 'security incident', called: ['title'], also: 'status' },
  { path: 'problem-solutions', kind: 'solution', called: ['title', 'problem'] },
  { path: 'decision-logs', kind: 'decision', called: ['decision_text'], also: 'status' },
  { path: 'context-snippets', kind: 'note', called: ['title'], also: 'category' },
  { path: 'conversation-contexts', kind: 'conversation', called: ['title'], also: 'context_type' },
  { path: 'conversation-turns', kind: 'conversation turn', called: ['text'], also: 'speaker' },
  { path: 'project-states', kind: 'project state', called: ['current_focus', 'phase'], also: 'phase' },
  { path: 'failure-patterns', kind: 'failure pattern', called: ['description'], also: 'severity' },
  { path: 'environmental-insights', kind: 'insight', called: ['title'], also: 'category' },
  {
    path: 'operation-failures',
    kind: 'failure',
    called: ['error_message', 'operation_type'],
    also: 'target',
  },
  { path: 'commands-run', kind: 'command', called: ['command_text'], also: 'host' },
  { path: 'file-changes', kind: 'file change', called: ['file_path'], also: 'change_type' },
  { path: 'deployments', kind: 'deployment', called: ['version_label', 'deployment_type'], also: 'status' },
  {
    path: 'database-changes',
    kind: 'database change',
    called: ['database_name', 'change_type'],
    also: 'change_type',
  },
  {
    path: 'infrastructure-changes',
    kind: 'change',
    called: ['target_system', 'change_type'],
    also: 'change_type',
  },
  { path: 'service-relationships', kind: 'relationship', called: ['notes', 'relationship_type'] },
  { path: 'external-integrations', kind: 'integration call', called: ['action', 'system'], also: 'system' },
  { path: 'backup-log', kind: 'backup', called: ['file_path'], also: 'verification', client: false },
  { path: 'rate-rules', kind: 'rate rule', called: ['notes', 'labour_type'], also: 'labour_type' },
  { path: 'tags', kind: 'tag', called: ['name'], also: 'category', client: false },
  {
    path: 'custom-field-definitions',
    kind: 'custom field',
    called: ['label', 'key'],
    also: 'resource',
    client: false,
  },
  { path: 'access-tokens', kind: 'access token', called: ['name'], also: 'purpose', client: false },
  { path: 'users', kind: 'user', called: ['name'], also: 'email', client: false },
];
