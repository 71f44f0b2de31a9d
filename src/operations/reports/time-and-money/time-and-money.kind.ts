import { STATUSES } from '../../../work/billable-time/billable-time.entity.js';
import { bar, columnChart } from '../page/charts.js';
import { html, type Part, said } from '../page/markup.js';
import { type Column, figures, table } from '../page/table.js';
import { count, hours, money, words } from '../page/words.js';
import { monthsOf } from '../report-period.js';
import type { ReportKind } from '../report.js';
import type { TimeAndMoney } from './time-and-money.answers.js';

/** Without cents, rounded half up: `303.75` → `304`. */
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0, useGrouping: false });

type Group = TimeAndMoney['by_client'][number];
type Totals = TimeAndMoney['total'];

const EMPTY = 'No entries in this period.';
/** Charts of currencies: more stand in the tables. */
const MOST_CHARTS = 4;

const lines = (all: readonly Part[]): Part =>
  all.length > 1
    ? html`<ul class="lines">
        ${all.map(one => html`<li>${one}</li>`)}
      </ul>`
    : all;
const amounts = ({ amounts: all }: Totals): Part => lines(all.map(one => money(one.amount, one.currency)));

const sums = <R extends Totals>(): Column<R>[] => [
  { head: 'Entries', as: 'number', cell: row => count(row.entries) },
  { head: 'Worked', as: 'number', cell: row => hours(row.worked_minutes) },
  { head: 'Billable', as: 'number', cell: row => hours(row.billable_minutes) },
  { head: 'Amount', as: 'number', cell: amounts },
];

function footOf(total: Totals): Part[] {
  return sums<Totals>().map(one => one.cell(total));
}

/** That a sum holds what nobody has approved. */
function notApproved({ not_approved: { entries, amounts: all } }: TimeAndMoney): Part {
  if (entries === 0) return '';
  const some = all.filter(one => Number(one.amount) !== 0).map(one => money(one.amount, one.currency));
  const what =
    some.length > 0 ? `Of which ${some.join(', ')} is not approved yet` : 'Not all of it is approved yet';
  return html`<p class="note">
    ${what}: ${count(entries)} ${entries === 1 ? 'entry' : 'entries'}, drafts or submitted.
  </p>`;
}

function charts({ from, to, by_month, total }: TimeAndMoney): Part {
  const months = monthsOf({ from: from ?? '', to: to ?? '' });
  const of = new Map(by_month.map(one => [one.key, one]));
  const worked = months.map(label => {
    const minutes = of.get(label)?.worked_minutes ?? 0;
    return { label, value: minutes / 60, shown: hours(minutes) };
  });
  const earned = total.amounts.slice(0, MOST_CHARTS).map(({ currency }) =>
    columnChart(
      `Amount by month, ${currency}`,
      months.map(label => {
        const amount = of.get(label)?.amounts.find(one => one.currency === currency)?.amount ?? '0.00';
        return { label, value: Number(amount), shown: money(WHOLE.format(amount as `${number}`), '').trim() };
      }),
      { unit: count },
    ),
  );
  return [earned, columnChart('Hours worked by month', worked, { unit: count })];
}

function page(report: TimeAndMoney) {
  const { total, by_client, by_month, by_status, rows, client_id, status } = report;
  const only = status
    ? html`<p class="note">Only entries that are ${status.map(words).join(' or ')}.</p>`
    : '';
  if (total.entries === 0)
    return html`${only}
      <p class="empty">${EMPTY}</p>`;
  const most = Math.max(...by_client.map(one => one.worked_minutes));
  const name = (row: {
    client_id?: string | null;
    key?: string | null;
    client_name?: string | null;
    name?: string | null;
  }) => said(row.client_name ?? row.name ?? row.client_id ?? row.key);
  const note =
    total.without_rate > 0
      ? html`<p class="cut">
          ${count(total.without_rate)} billable ${total.without_rate === 1 ? 'entry has' : 'entries have'} no
          rate, and ${total.without_rate === 1 ? 'is' : 'are'} in no amount.
        </p>`
      : '';
  const byClient = table<Group>(
    'By client',
    [
      { head: 'Client', cell: name },
      { head: 'Share of the hours', as: 'bar', cell: row => bar(row.worked_minutes, most) },
      ...sums<Group>(),
    ],
    by_client,
    { empty: EMPTY, foot: ['Total', '', ...footOf(total)] },
  );
  const byMonth = table<Group>(
    'By month',
    [{ head: 'Month', as: 'short', cell: row => row.key }, ...sums<Group>()],
    by_month,
    {
      empty: EMPTY,
      foot: ['Total', ...footOf(total)],
    },
  );
  const byStatus = table<Group>(
    'By status',
    [{ head: 'Status', as: 'short', cell: row => words(row.key ?? '') }, ...sums<Group>()],
    by_status,
    { empty: EMPTY, foot: ['Total', ...footOf(total)] },
  );
  const detail = table(
    'By client and month',
    [
      { head: 'Client', cell: name },
      { head: 'Month', as: 'short', cell: row => row.month },
      { head: 'Entries', as: 'number', cell: row => count(row.entries) },
      { head: 'Worked', as: 'number', cell: row => hours(row.worked_minutes) },
      { head: 'Billable', as: 'number', cell: row => hours(row.billable_minutes) },
      { head: 'Amount', as: 'number', cell: row => money(row.amount, row.currency) },
    ],
    rows,
    { empty: EMPTY },
  );
  return html`${figures([
    ...total.amounts.map(one => ({ of: `Amount, ${one.currency}`, value: money(one.amount, '').trim() })),
    { of: 'Hours worked', value: hours(total.worked_minutes) },
    { of: 'Hours billable', value: hours(total.billable_minutes) },
    { of: 'Entries', value: count(total.entries) },
  ])}${only}${notApproved(report)}${note}${charts(report)}${client_id === null ? byClient : ''}${byMonth}${byStatus}${client_id === null ? detail : ''}`;
}

export const TIME_AND_MONEY: ReportKind<TimeAndMoney> = {
  name: 'time-and-money',
  title: 'Time and money',
  filters: { status: STATUSES },
  columns: [
    'client_id', 'client_name', 'month', 'entries', 'worked_minutes', 'billable_minutes', 'currency', 'amount', 'not_approved',
    'without_rate',
  ], // prettier-ignore
  page,
};
