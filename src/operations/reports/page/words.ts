const THOUSANDS = /\B(?=(?:\d{3})+(?!\d))/g;

/** `1234567` → `1,234,567` */
export const count = (value: number): string => String(value).replace(THOUSANDS, ',');

/** `-1234.50` and `EUR` → `-1,234.50 EUR`; no float is made of it. */
export function money(amount: string, currency: string): string {
  const [whole = '0', places] = amount.split('.');
  return `${whole.replace(THOUSANDS, ',')}${places === undefined ? '' : `.${places}`} ${currency}`;
}

/** Minutes as `12:05`, hours and minutes. */
export function hours(minutes: number): string {
  const [size, sign] = [Math.abs(minutes), minutes < 0 ? '-' : ''];
  return `${sign}${count(Math.floor(size / 60))}:${String(size % 60).padStart(2, '0')}`;
}

/** `seen_by_leaver` → `seen by leaver` */
export const words = (name: string): string => name.replaceAll('_', ' ');

/** A moment as `2026-01-31 08:00` in a time zone (IANA). */
export function timeIn(zone: string): (moment: string) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return moment => {
    const parts = Object.fromEntries(
      format.formatToParts(new Date(moment)).map(one => [one.type, one.value]),
    );
    return `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`;
  };
}
