import type { BackupFacts } from '../../src/operations/backups/backup-format.js';
import { verificationOf } from '../../src/operations/backups/recorded-backup.js';
import { expired, type Retention } from '../../src/operations/backups/retention.js';

/** Noon and midnight of each day. */
const days = (from: string, count: number) =>
  Array.from({ length: count }, (_, n) => new Date(Date.parse(from) + n * 86_400_000).toISOString());
const twice = (from: string, count: number) =>
  days(from, count).flatMap(at => [at, at.replace('T00', 'T12')].map(created_at => ({ created_at })));
const kept = (backups: { created_at: string }[], retention: Retention) => {
  const gone = new Set(expired(backups, retention));
  return backups.filter(one => !gone.has(one)).map(one => one.created_at.slice(0, 13));
};

const year = twice('2025-12-20T00:00:00.000Z', 70);

test('without a rule nothing goes, and with any the newest stays', () => {
  expect(expired(year, {})).toEqual([]);
  expect(kept(year, { last: 0, daily: 0, weekly: 0, monthly: 0 })).toEqual(['2026-02-27T12']);
  expect(expired([], { last: 3 })).toEqual([]);
});

test('each rule keeps the newest of its periods, and periods without a backup count for nothing', () => {
  expect(kept(year, { last: 3 })).toEqual(['2026-02-26T12', '2026-02-27T00', '2026-02-27T12']);
  expect(kept(year, { daily: 2 })).toEqual(['2026-02-26T12', '2026-02-27T12']);
  // Weeks end on Sunday.
  expect(kept(year, { weekly: 3 })).toEqual(['2026-02-15T12', '2026-02-22T12', '2026-02-27T12']);
  expect(kept(year, { monthly: 2 })).toEqual(['2026-01-31T12', '2026-02-27T12']);
  const rare = [...twice('2020-01-01T00:00:00.000Z', 1), ...year.slice(-2)];
  expect(kept(rare, { daily: 2 })).toEqual(['2020-01-01T12', '2026-02-27T12']);
});

test('the turn of the year belongs to one week, as ISO 8601 says', () => {
  // 2025-12-29 (Monday) to 2026-01-04 (Sunday) is week 1 of 2026.
  const turn = twice('2025-12-27T00:00:00.000Z', 10);
  expect(kept(turn, { weekly: 9 })).toEqual(['2025-12-28T12', '2026-01-04T12', '2026-01-05T12']);
});

test('what one rule keeps no other takes, in whatever order they come', () => {
  const both = kept(year, { daily: 3, monthly: 3 });
  expect(both).toEqual(['2025-12-31T12', '2026-01-31T12', '2026-02-25T12', '2026-02-26T12', '2026-02-27T12']);
  const mixed = [...year].sort((a, b) => (a.created_at.slice(5) < b.created_at.slice(5) ? 1 : -1));
  expect(new Set(kept(mixed, { daily: 3, monthly: 3 }))).toEqual(new Set(both));
});

test('what the log says of a path is said of the file alone that was looked at', () => {
  const created_at = '2026-11-28T04:00:00.000Z';
  const record = {
    size_bytes: 4_096,
    checksum_sha256: 'f'.repeat(64),
    created_at,
    verification: 'passed',
    verified_at: '2026-11-28T04:00:09.000Z',
  };
  const file = {
    path: '/b',
    size_bytes: 4_096,
    changed_at: '2026-11-28T04:00:05.000Z',
    facts: { created_at } as BackupFacts,
  };
  expect(verificationOf(file, record)).toEqual({
    verification: 'passed',
    verified_at: record.verified_at,
  });
  const none = { verification: 'not_verified', verified_at: null };
  for (const other of [
    { ...file, size_bytes: 4_097 },
    { ...file, changed_at: '2026-11-28T04:00:10.000Z' },
    { ...file, facts: { created_at: '2026-11-28T05:00:00.000Z' } as BackupFacts },
    { ...file, facts: undefined },
  ])
    expect(verificationOf(other, record)).toEqual(none);
  const damaged = { ...record, verification: 'failed' };
  expect(verificationOf({ ...file, facts: undefined }, damaged).verification).toBe('failed');
  expect(verificationOf(file, { ...record, verified_at: null })).toEqual(none);
  expect(verificationOf(file, undefined)).toEqual({ verification: null, verified_at: null });
});
