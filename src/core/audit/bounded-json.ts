/** Characters of one JSON column of an entry. */
const MAX_JSON = 60_000;

/** How long each text and list may be where all of it does not fit: the first of these that suffices. */
const LENGTHS = [4_000, 1_000, 200, 50];

/** A value as the JSON of an entry: long texts and lists are cut one by one, so that none hides what else was changed. */
export function boundedJson(value: object | undefined): string | null {
  if (!value || Object.keys(value).length === 0) return null;
  const text = JSON.stringify(value);
  if (text.length <= MAX_JSON) return text;
  for (const length of LENGTHS) {
    const shorter = JSON.stringify({ ...(shortened(value, length) as object), truncated: true });
    if (shorter.length <= MAX_JSON) return shorter;
  }
  return JSON.stringify({ truncated: true, fields: Object.keys(value).slice(0, 200) });
}

function shortened(value: unknown, length: number): unknown {
  if (typeof value === 'string')
    return value.length <= length ? value : `${value.slice(0, length)}… (${value.length} characters)`;
  if (Array.isArray(value)) {
    const items = value.slice(0, length).map(one => shortened(one, length));
    return value.length <= length ? items : [...items, `… (${value.length} items)`];
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shortened(one, length)]));
}
