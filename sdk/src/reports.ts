import type { PathOf } from './calls.js';
import type { paths } from './schema.js';

type ReportPath = Extract<PathOf<'get'>, `/api/reports/${string}`>;

/** `time-and-money` */
export type ReportName = ReportPath extends `/api/reports/${infer Name}` ? Name : never;

type QueryOf<N extends ReportName> = NonNullable<paths[`/api/reports/${N}`]['get']['parameters']['query']>;

/** The parameters of a report, as a file. GET gives the same as an object. */
export type ReportInit<N extends ReportName> = Omit<QueryOf<N>, 'format'> & {
  /** A page to read and to print, or the rows. */
  format: 'html' | 'csv';
  signal?: AbortSignal;
};
