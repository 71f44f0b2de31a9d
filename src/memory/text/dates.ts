import * as chrono from 'chrono-node';

/** Of one text no more than this is read for dates: of 2,000 the worst takes some 50 ms. */
const MOST_CHARACTERS = 2_000;
const MOST_DATES = 20;

/** Without one of these no date is looked for. */
const HINT =
  /\d{4}|\d[./-]\d|\d(?:st|nd|rd|th)\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)|today|yesterday|tonight|tomorrow|\b(?:last|next|this|past|ago)\b/i;

/**
 * The calendar dates that a text names, as `YYYY-MM-DD`, `YYYY-MM` where it tells no day, `YYYY` where it tells no
 * month; a day is there with its month. `yesterday` and the like are counted from `at`, in UTC.
 */
export function datesOf(text: string, at: Date): string[] {
  if (!HINT.test(text)) return [];
  const found = chrono.parse(text.slice(0, MOST_CHARACTERS), { instant: at, timezone: 0 });
  const dates = new Set<string>();
  for (const { start, end } of found.slice(0, MOST_DATES))
    for (const one of [start, end]) if (one) for (const date of named(one)) dates.add(date);
  return [...dates];
}

/** A moment as the dates that it is found by: its day and its month. */
export function datesAt(at: Date): string[] {
  const day = at.toISOString().slice(0, 10);
  return [day, day.slice(0, 7)];
}

function named(date: chrono.ParsedComponents): string[] {
  const part = (name: 'year' | 'month' | 'day', length: number) =>
    String(date.get(name) ?? '').padStart(length, '0');
  // A name of a weekday and `two days ago` tell a day without naming its number.
  const isDay = date.isCertain('day') || date.isCertain('weekday') || date.isCertain('hour');
  if (isDay) {
    const month = `${part('year', 4)}-${part('month', 2)}`;
    return [`${month}-${part('day', 2)}`, month];
  }
  if (date.isCertain('month')) return [`${part('year', 4)}-${part('month', 2)}`];
  return date.isCertain('year') ? [part('year', 4)] : [];
}
