import { type OpskeepError, ValidationError } from '../../core/context/errors.js';

/** Why a service refuses a row that is brought from elsewhere, in words without a value of it. */
export function refusalIn(error: OpskeepError): string {
  const faults = error instanceof ValidationError ? (error.details.errors ?? []) : [];
  return faults.map(one => `${one.field} ${one.message}`).join('; ') || error.message;
}
