import type { Body } from '../../../core/resource/resource.service.js';

/** A row of the history. Fields of the form `@label` refer to an earlier row of the same client. */
export interface HistoryRow {
  path: string;
  label?: string;
  body: Body;
}

/** Where the networks of the n-th client begin: `10.40`. */
export const blockOf = (index: number) => `10.${40 + index}`;
