/** What stands in the place of a secret. */
export function marker(kind: string): string {
  return `[redacted:${kind}]`;
}

const MARKER = /^\[redacted:[a-z_]{1,30}\]$/;

/** Whether a text is nothing but a marker; then it stays as it is, and masking twice is masking once. */
export function isMarker(text: string): boolean {
  return MARKER.test(text);
}

/** Whether a place lies behind the beginning of a marker. */
export function isInMarker(text: string, at: number): boolean {
  return /\[redacted:[a-z_]{0,30}$/.test(text.slice(Math.max(0, at - 41), at));
}
