import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppSettings } from '../../core/config/settings.js';
import { ValidationError } from '../../core/context/errors.js';
import { isBrowser } from '../../core/http/docs-page.js';
import { exportFormat } from '../../core/resource/export/export.js';
import { csvLines } from '../../core/resource/export/csv.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { dayIn } from '../../formats/day-in.js';
import { PAGE_POLICY, reportPage } from './page/report-page.js';
import { type Asked, type ReportFormat, ReportQueries } from './report-queries.service.js';
import type { ReportFrame, ReportKind } from './report.js';

/** A request for a report. */
export interface ReportRequest {
  raw: RawQuery;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Gives a report the form that is asked for: JSON, CSV of its rows, or a page to read and print. */
@Injectable()
export class ReportFile {
  constructor(
    private readonly queries: ReportQueries,
    private readonly settings: AppSettings,
  ) {}

  /** Of a while. */
  ofPeriod<R extends ReportFrame & { rows: object[] }>(
    kind: ReportKind<R>,
    asking: ReportRequest,
    make: (asked: Asked) => Promise<R>,
  ): Promise<R | string> {
    return this.answer(kind, asking, true, make);
  }

  /** Of now. */
  ofNow<R extends ReportFrame & { rows: object[] }>(
    kind: ReportKind<R>,
    asking: ReportRequest,
    make: (asked: Asked) => Promise<R>,
  ): Promise<R | string> {
    return this.answer(kind, asking, false, make);
  }

  private async answer<R extends ReportFrame & { rows: object[] }>(
    kind: ReportKind<R>,
    { raw, request, reply }: ReportRequest,
    hasPeriod: boolean,
    make: (asked: Asked) => Promise<R>,
  ): Promise<R | string> {
    const asked = await this.queries.read(raw, hasPeriod, kind.filters);
    const format = asked.format ?? accepted(request.headers.accept);
    if (asked.bom && format !== 'csv') throw ValidationError.of('bom', 'is for csv', 'conflict');
    const report = await make(asked);
    reply.header('cache-control', 'no-store').header('vary', 'accept');
    if (format === 'json') return report;
    const day = report.from?.slice(0, 7) ?? dayIn(report.time_zone, report.made_at);
    const named = (shown: 'inline' | 'attachment') => `${shown}; filename="${kind.name}-${day}.${format}"`;
    if (format === 'csv') {
      requireWhole(report);
      reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', named('attachment'));
      return (asked.bom ? '\ufeff' : '') + csvOf(kind, report);
    }
    reply.type('text/html; charset=utf-8').header('content-disposition', named('inline'));
    reply.header('content-security-policy', PAGE_POLICY).header('x-frame-options', 'DENY');
    return reportPage(kind.title, report, kind.page(report), { provider: this.settings.PROVIDER_NAME });
  }
}

function accepted(accept: string | undefined): ReportFormat {
  if (exportFormat(accept)?.kind === 'csv') return 'csv';
  return isBrowser(accept) ? 'html' : 'json';
}

/** A file of a part would be taken for the whole. */
function requireWhole({ is_cut, rows, rows_total }: ReportFrame & { rows: object[] }): void {
  if (is_cut)
    throw ValidationError.of('format', `csv would have ${rows.length} of ${rows_total} rows: ask for one client or a shorter period`, 'max'); // prettier-ignore
}

function csvOf<R extends ReportFrame & { rows: object[] }>({ columns }: ReportKind<R>, { rows }: R): string {
  return csvLines([
    [...columns],
    ...rows.map(row => columns.map(name => (row as Record<string, unknown>)[name])),
  ]);
}
