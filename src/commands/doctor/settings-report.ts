import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DECLARATIONS } from '../../core/config/declarations.js';
import { Secret, type Settings } from '../../core/config/settings.js';
import type { Configured } from './patient.js';

export interface EffectiveSetting {
  name: string;
  value: string;
  source: string;
}

/** The settings that the first start makes outside of production, and the file that holds each. */
export const MADE_IN: Record<string, string> = {
  API_KEY_MASTER_KEY: 'master.key',
  JWT_SECRET_KEY: 'jwt.key',
};

/** `mysql://name:***@host/database`: everything of an address but its password. */
function withoutPassword(url: string): string {
  if (!URL.canParse(url) || url.startsWith('sqlite:')) return url;
  const parsed = new URL(url);
  if (parsed.password) parsed.password = '***';
  return parsed.toString();
}

function shown(name: string, value: Settings[keyof Settings]): string {
  if (value === undefined) return '(not set)';
  if (value instanceof Secret) return /_URL$/.test(name) ? withoutPassword(value.reveal()) : '***';
  if (name === 'DATABASE_CA') return '(a certificate)';
  // Its arguments may be secrets of the program.
  if (name === 'API_KEY_MASTER_KEY_COMMAND') return `${(value as string[])[0]} …`;
  return Array.isArray(value) ? value.join(', ') || '(none)' : String(value);
}

/** Every setting as it is in force, secrets masked. */
export function effectiveSettings({ settings, sources, files }: Configured): EffectiveSetting[] {
  return (Object.keys(DECLARATIONS) as (keyof typeof DECLARATIONS)[]).map(name => {
    const value = settings[name];
    const made =
      name === 'API_KEY_MASTER_KEY' && settings.API_KEY_MASTER_KEY_COMMAND ? undefined : MADE_IN[name];
    const path = made && join(settings.OPSKEEP_DATA, made);
    if (value === undefined && path && existsSync(path)) return { name, value: '***', source: path };
    return { name, value: shown(name, value), source: files[name] ?? sources[name] ?? 'default' };
  });
}
