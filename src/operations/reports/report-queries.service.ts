import { Injectable } from '@nestjs/common';
import { reaches } from '../../core/context/actor.js';
import { type FieldFault, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { isUuid, now } from '../../core/database/values.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { WordsPipe } from '../../core/http/pipes/words.pipe.js';
import { ClientsService } from '../../directory/clients/clients.service.js';
import { dayIn } from '../../formats/day-in.js';
import { type Period, periodOf } from './report-period.js';
import type { ReportFrame, ReportKind } from './report.js';

export const FORMATS = ['json', 'csv', 'html'] as const;
export type ReportFormat = (typeof FORMATS)[number];

/** What a report is asked for. */
export interface Asked {
  /** What of the frame is known before. */
  frame: Pick<ReportFrame, 'client_id' | 'client_name' | 'time_zone' | 'made_at'>;
  /** Of a report about a while; of others the day alone. */
  period: Period;
  /** The day in the time zone of the client. */
  today: string;
  /** Undefined where the request leaves it to its Accept header. */
  format: ReportFormat | undefined;
  bom: boolean;
  /** The words of each filter that the report has beside, where it was asked for. */
  filters: Record<string, string[] | undefined>;
}

const OF_ALL = ['client_id', 'format', 'bom'];
export const OF_PERIODS = ['month', 'from', 'to'];

/** Reads the query of a report: whose, of when, and in which form. */
@Injectable()
export class ReportQueries {
  constructor(private readonly clients: ClientsService) {}

  /** @throws ValidationError, and NotFoundError for a client that the caller does not see */
  async read(given: RawQuery, hasPeriod: boolean, own: ReportKind['filters'] = {}): Promise<Asked> {
    const known = [...OF_ALL, ...(hasPeriod ? OF_PERIODS : []), ...Object.keys(own)];
    const { filters, raw } = withFilters(given, own);
    const faults = Object.entries(raw).flatMap(([field, value]) => faultOf(field, value, known));
    if (faults.length > 0) throw new ValidationError(faults, 'The query is not valid');
    const { client_id, format, bom, ...period } = raw as Record<string, string | undefined>;
    const made_at = now();
    const client = client_id === undefined ? undefined : await this.clients.find(client_id.toLowerCase());
    const time_zone = client?.timezone ?? 'UTC';
    const today = dayIn(time_zone, made_at);
    return {
      frame: {
        client_id: client?.id ?? null,
        client_name: client && reaches(currentActor(), this.clients.spec.path) ? client.name : null,
        time_zone,
        made_at,
      },
      period: hasPeriod ? periodOf(period, today) : { from: today, to: today },
      today,
      format: FORMATS.find(one => one === format),
      bom: bom === 'true',
      filters,
    };
  }
}

/** The words of the filters, and the rest of the query. */
function withFilters(given: RawQuery, own: Readonly<Record<string, readonly string[]>>) {
  const entries = Object.entries(own).map(([name, words]) => [
    name,
    new WordsPipe(name, words).transform(given[name]),
  ]);
  const raw = Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(own, name)));
  return { filters: Object.fromEntries(entries) as Asked['filters'], raw: raw as RawQuery };
}

function faultOf(field: string, value: RawQuery[string], known: readonly string[]): FieldFault[] {
  const fault = (message: string, rule: string) => [{ field: field.slice(0, 100), message, rule }];
  if (!known.includes(field))
    return fault(`is not a parameter of this report; it has ${known.join(', ')}`, 'unknown');
  if (typeof value !== 'string') return fault('may be given only once', 'repeated');
  if (field === 'client_id' && !isUuid(value)) return fault('must be a UUID', 'isUuid');
  if (field === 'format' && !FORMATS.some(one => one === value))
    return fault(`must be one of ${FORMATS.join(', ')}`, 'enum');
  if (field === 'bom' && value !== 'true' && value !== 'false') return fault('must be true or false', 'type');
  return [];
}
