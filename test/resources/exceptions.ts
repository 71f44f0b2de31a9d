import type { Uniform } from '../harness/all-resources.js';

/** Where a resource differs from the conventions because domain.md says so. */
export interface Exceptions {
  /** Uniform routes that it does not have. */
  without?: Uniform[];
  /** Fields that may be left out on create, and yet not be null later. */
  notNull?: string[];
  /** Fields whose value the server completes or rewrites. */
  rewritten?: string[];
}

export const EXCEPTIONS: Record<string, Exceptions> = {
  'credential-permissions': { notNull: ['credential_id'] },
  'external-integrations': { without: ['update', 'put'] },
};
