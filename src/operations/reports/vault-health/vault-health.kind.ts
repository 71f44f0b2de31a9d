import { HEALTH_REASONS, type HealthReason } from '../../../vault/health/health.answers.js';
import { bar } from '../page/charts.js';
import { html, type Part, said } from '../page/markup.js';
import { figures, table } from '../page/table.js';
import { count, timeIn, words } from '../page/words.js';
import type { ReportKind } from '../report.js';
import type { VaultHealth } from './vault-health.answers.js';

const MEANING: Record<HealthReason, string> = {
  expired: 'Its date is over',
  seen_by_leaver: 'Somebody who has left knows it',
  reused: 'The same secret is in another credential',
  weak: 'It can be guessed',
  old: 'Its rotation is due, or it is older than a year',
  never_rotated: 'Not rotated in its first 90 days',
};

function reasons({ counts }: VaultHealth): Part {
  const most = Math.max(...HEALTH_REASONS.map(one => counts[one]));
  return table<HealthReason>(
    'What wants care',
    [
      { head: 'Reason', as: 'short', cell: words },
      { head: 'What it means', cell: one => MEANING[one] },
      { head: '', as: 'bar', cell: one => bar(counts[one], most) },
      { head: 'Credentials', as: 'number', cell: one => count(counts[one]) },
    ],
    HEALTH_REASONS,
    { empty: '' },
  );
}

function people({ exposure, time_zone }: VaultHealth): Part {
  if (!exposure) return '';
  const time = timeIn(time_zone);
  const { people: all, people_total } = exposure;
  const most = Math.max(...all.map(one => one.known));
  return table(
    'Who knows secrets',
    [
      {
        head: 'Who',
        cell: ({ user_id, user_name, is_active }) =>
          html`${said(user_name ?? user_id)}${
            is_active
              ? ''
              : html` <span class="urgent-word"
                  >${user_id === null ? '(stranger, by a link)' : '(has left)'}</span
                >`
          }`,
      },
      { head: '', as: 'bar', cell: one => bar(one.known, most) },
      { head: 'Known now', as: 'number', cell: one => count(one.known) },
      { head: 'Ever seen', as: 'number', cell: one => count(one.credentials) },
      {
        head: 'Last seen',
        as: 'short',
        cell: one => (one.last_seen_at === null ? '' : time(one.last_seen_at)),
      },
    ],
    all,
    {
      empty: 'Nobody has seen a secret.',
      note:
        people_total > all.length ? `The first ${count(all.length)} of ${count(people_total)}.` : undefined,
    },
  );
}

function page(report: VaultHealth) {
  const { counts, checked, rows, rows_total, exposure, time_zone } = report;
  const time = timeIn(time_zone);
  const credentials = table(
    'Credentials that want care',
    [
      { head: 'Client', cell: row => said(row.client_name ?? row.client_id) },
      {
        head: 'Credential',
        cell: row =>
          html`${said(row.name ?? row.service_name)}${row.username === null ? '' : html`<br /><span class="soft">${said(row.username)}</span>`}`,
      },
      { head: 'Why', cell: row => row.reasons.map(words).join(', ') },
      { head: 'Strength', as: 'number', cell: row => (row.strength === null ? '' : `${row.strength} of 4`) },
      {
        head: 'Last rotated',
        as: 'short',
        cell: row => (row.last_rotated_at === null ? 'never' : time(row.last_rotated_at).slice(0, 10)),
      },
      {
        head: 'Expires',
        as: 'short',
        cell: row => (row.expires_at === null ? '' : time(row.expires_at).slice(0, 10)),
      },
    ],
    rows,
    {
      empty:
        checked === 0 ? 'No credentials that you may reveal.' : 'None: every credential is as it should be.',
    },
  );
  return html`${figures([
    { of: 'Credentials looked at', value: count(checked) },
    { of: 'Want care', value: count(rows_total), isUrgent: rows_total > 0 },
    { of: 'Known to leavers', value: count(counts.seen_by_leaver), isUrgent: counts.seen_by_leaver > 0 },
    ...(exposure
      ? [{ of: 'People who know secrets', value: count(exposure.people.filter(one => one.known > 0).length) }]
      : []),
  ])}${reasons(report)}${people(report)}${credentials}`;
}

export const VAULT_HEALTH: ReportKind<VaultHealth> = {
  name: 'vault-health',
  title: 'Health of the vault',
  columns: [
    'client_id', 'client_name', 'credential_id', 'name', 'service_name', 'username', 'reasons', 'strength', 'expires_at',
    'last_rotated_at', 'rotation_demand',
  ], // prettier-ignore
  page,
};
