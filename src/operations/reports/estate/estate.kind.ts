import { bar, columnChart } from '../page/charts.js';
import { html, type Part, said } from '../page/markup.js';
import { figures, table } from '../page/table.js';
import { count, words } from '../page/words.js';
import type { ReportKind } from '../report.js';
import { type Age, AGES, type EstateByAge, type Warranty, WARRANTIES } from './estate.answers.js';

const AGE: Record<Age, string> = {
  under_1: 'under 1 year',
  '1_to_3': '1 to 3 years',
  '3_to_5': '3 to 5 years',
  '5_or_more': '5 years or more',
  unknown: 'not known',
};
const WARRANTY: Record<Warranty, string> = {
  over: 'over',
  ends_soon: 'ends within 90 days',
  holds: 'holds longer',
  unknown: 'not known',
};

const warranty = (one: Warranty): Part =>
  one === 'over' ? html`<span class="urgent-word">over</span>` : WARRANTY[one];

function clients({ by_client }: EstateByAge): Part {
  return table(
    'By client',
    [
      { head: 'Client', cell: row => said(row.client_name ?? row.client_id) },
      { head: 'Assets', as: 'number', cell: row => count(row.assets) },
      { head: 'Warranty over', as: 'number', cell: row => count(row.over) },
      { head: 'Ends within 90 days', as: 'number', cell: row => count(row.ends_soon) },
      { head: '5 years or more', as: 'number', cell: row => count(row.old) },
    ],
    by_client,
    { empty: '' },
  );
}

function page(report: EstateByAge) {
  const { rows, rows_total, by_age, by_warranty, client_id } = report;
  if (rows_total === 0) return html`<p class="empty">Nothing that is looked after.</p>`;
  const ages = AGES.map(one => ({ label: AGE[one], value: by_age[one], shown: count(by_age[one]) }));
  const most = Math.max(...Object.values(by_warranty));
  const warranties = table<Warranty>(
    'Warranty',
    [
      { head: 'Warranty', as: 'short', cell: one => WARRANTY[one] },
      { head: '', as: 'bar', cell: one => bar(by_warranty[one], most) },
      { head: 'Assets', as: 'number', cell: one => count(by_warranty[one]) },
    ],
    WARRANTIES,
    { empty: '' },
  );
  const assets = table(
    'Assets',
    [
      ...(client_id === null
        ? [
            {
              head: 'Client',
              cell: (row: EstateByAge['rows'][number]) => said(row.client_name ?? row.client_id),
            },
          ]
        : []),
      {
        head: 'Asset',
        cell: row => html`${said(row.hostname)}<br /><span class="soft">${words(row.asset_type)}</span>`,
      },
      {
        head: 'Model',
        cell: row => html`<bdi>${[row.manufacturer, row.model].filter(Boolean).join(' ')}</bdi>`,
      },
      { head: 'Serial number', cell: row => html`<bdi>${row.serial_number}</bdi>` },
      { head: 'Purchased', as: 'short', cell: row => row.purchased_on },
      { head: 'Years', as: 'number', cell: row => row.age_years?.toFixed(1) },
      { head: 'Warranty until', as: 'short', cell: row => row.warranty_expires_on },
      { head: '', cell: row => (row.warranty === 'unknown' ? '' : warranty(row.warranty)) },
    ],
    rows,
    { empty: '' },
  );
  return html`${figures([
    { of: 'Assets', value: count(rows_total) },
    { of: 'Warranty over', value: count(by_warranty.over), isUrgent: by_warranty.over > 0 },
    { of: 'Ends within 90 days', value: count(by_warranty.ends_soon), isUrgent: by_warranty.ends_soon > 0 },
    { of: '5 years or more', value: count(by_age['5_or_more']) },
  ])}${columnChart('Assets by age', ages, { unit: count })}${warranties}${client_id === null ? clients(report) : ''}${assets}`;
}

export const ESTATE: ReportKind<EstateByAge> = {
  name: 'estate',
  title: 'The estate by age and warranty',
  columns: [
    'client_id', 'client_name', 'infrastructure_id', 'hostname', 'asset_type', 'manufacturer', 'model', 'serial_number',
    'purchased_on', 'age_years', 'warranty_expires_on', 'warranty',
  ], // prettier-ignore
  page,
};
