const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of a moment in a time zone (IANA), as YYYY-MM-DD. */
export function dayIn(timeZone: string, moment: string): string {
  let format = FORMATS.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    FORMATS.set(timeZone, format);
  }
  const parts = format.formatToParts(new Date(moment));
  const part = (type: string) => parts.find(one => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}
