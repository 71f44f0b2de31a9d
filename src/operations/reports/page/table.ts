import { html, type Markup, type Part } from './markup.js';

export interface Column<R> {
  head: string;
  cell: (row: R) => Part;
  /** `number`: at the right, digits below digits; `bar`: as wide as there is room; `short`: on one line. */
  as?: 'number' | 'bar' | 'short';
}

/** A table with its heading, or a sentence where it has no rows. */
export function table<R>(
  title: string,
  columns: readonly Column<R>[],
  rows: readonly R[],
  { empty, foot, note }: { empty: string; foot?: readonly Part[]; note?: Part },
): Markup {
  if (rows.length === 0)
    return html`<section>
      <h2>${title}</h2>
      <p class="empty">${empty}</p>
    </section>`;
  const heads = columns.map(one => html`<th scope="col" class="${one.as ?? ''}">${one.head}</th>`);
  const lines = rows.map(
    row =>
      html`<tr>
        ${columns.map(one => html`<td class="${one.as ?? ''}">${one.cell(row)}</td>`)}
      </tr> `,
  );
  const sums = foot?.map((one, at) => html`<td class="${columns[at]?.as ?? ''}">${one}</td>`);
  return html`<section>
    <h2>${title}</h2>
    ${note === undefined ? '' : html`<p class="note">${note}</p>`}
    <table>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
      ${
        sums
          ? html`<tfoot>
              <tr>
                ${sums}
              </tr>
            </tfoot>`
          : ''
      }
    </table>
  </section>`;
}

/** Numbers that are read first: each with what it counts. */
export function figures(all: readonly { value: Part; of: string; isUrgent?: boolean }[]): Markup {
  return html`<dl class="figures">
    ${all.map(
      ({ value, of, isUrgent = false }) =>
        html`<div class="${isUrgent ? 'urgent' : ''}">
          <dt>${of}</dt>
          <dd>${value}</dd>
        </div> `,
    )}
  </dl>`;
}
