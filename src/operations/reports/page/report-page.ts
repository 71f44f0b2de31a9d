import { createHash } from 'node:crypto';
import { html, Markup, type Part, said } from './markup.js';
import { count, timeIn } from './words.js';
import { STYLE } from './style.js';
import type { ReportFrame } from '../report.js';

/** Byte for byte what the policy names. */
const STYLE_ELEMENT = new Markup(`<style>${STYLE}</style>`);
const style = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;
/** In the page itself, for one that was saved: its own style alone, named by its digest; no script, no address. */
const SAVED_POLICY = `default-src 'none'; style-src ${style}; base-uri 'none'; form-action 'none'`;
/** As a header: beside it no frame, and no right of the origin that it came from. */
export const PAGE_POLICY = `${SAVED_POLICY}; frame-ancestors 'none'; sandbox`;

function periodOf({ from, to }: ReportFrame): Part {
  return from === null || to === null
    ? html`<span>As it is now</span>`
    : html`<span>Period <b>${from}</b> to <b>${to}</b></span>`;
}

/** The page of a report: one file, which needs nothing from anywhere. */
export function reportPage(
  title: string,
  report: ReportFrame & { rows: readonly object[] },
  content: Markup,
  { provider }: { provider?: string | undefined },
): string {
  const { time_zone, made_at, client_id, client_name, is_cut, rows, rows_total } = report;
  const made = timeIn(time_zone)(made_at);
  const whose =
    client_id === null
      ? html`<span>All clients that you see</span>`
      : html`<span>Client <b>${said(client_name ?? client_id)}</b></span>`;
  const cut = html`<p class="cut">
    Cut: the last table shows ${count(rows.length)} of ${count(rows_total)} rows; ask for one client or a
    shorter period. Sums and charts count all of them.
  </p>`;
  const head = client_name ?? 'all clients';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${SAVED_POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow, noarchive" />
        <title>${title}, ${head}, ${report.from ?? made.slice(0, 10)}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <header>
            ${provider ? html`<p class="provider">${said(provider)}</p>` : ''}
            <h1>${title}</h1>
            <p class="facts">${whose} ${periodOf(report)} <span>Made ${made} (${time_zone})</span></p>
          </header>
          ${content} ${is_cut ? cut : ''}
          <footer>
            ${client_id === null ? 'Made with Opskeep. It contains what the person who made it may see. ' : ''}Days
            and times are those of ${time_zone}.
          </footer>
        </main>
      </body>
    </html> `.text;
}
