import { DAY_MS } from '../../core/database/values.js';
import type { Credential } from './credential.entity.js';

/** Why a credential should be rotated now; null when it need not be. `at` in milliseconds. */
export function rotationReason(credential: Credential, at: number): string | null {
  if (credential.rotation_demand) return credential.rotation_demand;
  if (credential.expires_at && Date.parse(credential.expires_at) <= at) return 'it has expired';
  const { rotate_every_days: days, last_rotated_at, created_at } = credential;
  if (!days) return null;
  const due = Date.parse(last_rotated_at ?? created_at) + days * DAY_MS;
  return due <= at ? `it is to be rotated every ${days} days` : null;
}
