import { normalized } from '../../formats/normalized.js';
import { ClientError, EXIT } from '../cli/errors.js';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export const isId = (text: string) => UUID.test(text);

/** As people read it: names are unique in this form. */
export const readable = (text: string) => normalized(text, 'NFKC').toLowerCase();

/** A query string; a list repeats its name. */
export function queryOf(parameters: Record<string, string | number | string[] | undefined>): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [value].flat().map(one => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`),
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

export const missing = (message: string) => new ClientError(message, EXIT.missing, 'not_found');
export const ambiguous = (message: string) => new ClientError(message, EXIT.failed, 'ambiguous');
