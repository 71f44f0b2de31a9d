import { DAY_MS, momentIn } from '../../core/database/values.js';
import { randomBytes } from 'node:crypto';
import type { Body } from '../../core/resource/resource.service.js';

/** A row of the demo. Fields of the form `@label` refer to an earlier row. */
export interface DemoRow {
  path: string;
  label: string;
  /** The fields that tell whether it is there already. */
  key: string[];
  body: () => Body;
}

const KEYS: Record<string, string[]> = {
  users: ['email'],
  clients: ['name'],
  'rate-rules': ['client_id', 'labour_type'],
  tags: ['name'],
  machines: ['hostname'],
  infrastructure: ['client_id', 'hostname'],
  credentials: ['client_id', 'service_name', 'username'],
  'security-incidents': ['client_id', 'title'],
  'integration-credentials': ['system', 'credential_id'],
  'external-integrations': ['system', 'action'],
  'backup-log': ['file_path', 'backup_type'],
  'custom-field-definitions': ['resource', 'key'],
};

/** Rows of one resource, by their labels. */
export function rowsOf(path: string, bodies: Record<string, Body | (() => Body)>): DemoRow[] {
  return Object.entries(bodies).map(([label, body]) => ({
    path,
    label,
    key: KEYS[path] ?? ['client_id', 'name'],
    body: typeof body === 'function' ? body : () => body,
  }));
}

/** A moment so many days from now; negative ones are past. */
export const inDays = (days: number): string => momentIn(days * DAY_MS);

/** The day of it, `YYYY-MM-DD`. */
export const dayIn = (days: number): string => inDays(days).slice(0, 10);

/** A secret that nobody can take for a real one, made when it is needed. */
export const fakeSecret = (): string => `DEMO-not-real-${randomBytes(12).toString('base64url')}`;
