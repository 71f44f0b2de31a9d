/** What a check has found; `mend` says what to do about it. Faults make the exit code 1, warnings do not. */
export interface Finding {
  area: string;
  level: 'ok' | 'warning' | 'fault';
  what: string;
  mend?: string;
}

export const ok = (area: string, what: string): Finding => ({ area, level: 'ok', what });
export const warning = (area: string, what: string, mend: string): Finding => ({
  area,
  level: 'warning',
  what,
  mend,
});
export const fault = (area: string, what: string, mend: string): Finding => ({
  area,
  level: 'fault',
  what,
  mend,
});

/** The findings, or that everything is as it should be. */
export function orOk(area: string, what: string, findings: Finding[]): Finding[] {
  return findings.length > 0 ? findings : [ok(area, what)];
}

/** `3 rows (a, b, c)`: the first few by name. */
export function some(count: number, what: string, names: string[]): string {
  const shown = names.slice(0, 5).join(', ');
  const things = count === 1 ? what : `${what}s`.replace(/ys$/, 'ies');
  return `${count} ${things} (${shown}${count > 5 ? ', …' : ''})`;
}
