/** What class-validator says → what this API says; `$1` and `$2` are its bounds. */
const WORDS: Record<string, [RegExp, string][]> = {
  isString: [[/must be a string/, 'must be text']],
  isInt: [[/must be an integer number/, 'must be a whole number']],
  isBoolean: [[/must be a boolean value/, 'must be true or false']],
  isArray: [[/must be an array/, 'must be a list']],
  isIn: [[/must be one of the following values: /, 'must be one of ']],
  minLength: [
    [/must be longer than or equal to 1 characters/, 'must not be empty'],
    [/must be longer than or equal to (\d+) characters/, 'must have at least $1 characters'],
  ],
  maxLength: [[/must be shorter than or equal to (\d+) characters/, 'must have at most $1 characters']],
  min: [[/must not be less than (.+)/, 'must be at least $1']],
  max: [[/must not be greater than (.+)/, 'must be at most $1']],
  arrayMinSize: [
    [/must contain at least 1 elements/, 'must not be empty'],
    [/must contain at least (\d+) elements/, 'must have at least $1 items'],
  ],
  arrayMaxSize: [[/must contain no more than (\d+) elements/, 'must have at most $1 items']],
  isEmail: [[/must be an email/, 'must be an email address, such as tech@acme.example']],
  isMacAddress: [[/must be a MAC Address/, 'must be a MAC address, such as 00:1a:2b:3c:4d:5e']],
  isTimeZone: [[/must be a valid IANA time-zone/, 'must be a time zone of the IANA, such as Europe/Berlin']],
  isISO4217CurrencyCode: [
    [/must be a valid ISO4217 currency code/, 'must be a currency of ISO 4217, such as EUR'],
  ],
  isUuid: [[/must be a UUID/, 'must be a UUID, such as 01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11']],
  isObject: [[/must be an object/, 'must be an object']],
};

/**
 * The message of a rule of class-validator in words of this API: without the name of the field, which stands
 * beside it, and never with a regular expression. Messages that a field brings of its own stay as they are.
 */
export function inPlainWords(rule: string, message: string, property: string): string {
  const each = `each value in ${property} `;
  if (message.startsWith(each)) return `each ${inPlainWords(rule, message.slice(each.length), property)}`;
  const bare = message.startsWith(property) ? message.slice(property.length).trim() : message;
  for (const [from, to] of WORDS[rule] ?? []) if (from.test(bare)) return bare.replace(from, to);
  return bare;
}

/**
 * A value of the wrong kind breaks the rules about its size as well, and one that is too long others, which do not
 * look at it: the first of these is enough to say.
 */
const ENOUGH = [
  'isString',
  'isInt',
  'isBoolean',
  'isArray',
  'isObject',
  'isDay',
  'maxLength',
  'arrayMaxSize',
];

/** The broken rules that are worth saying. */
export function tellingRules(constraints: Record<string, string>): [string, string][] {
  const rule = ENOUGH.find(one => constraints[one] !== undefined);
  return rule ? [[rule, constraints[rule] as string]] : Object.entries(constraints);
}
