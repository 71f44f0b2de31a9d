import { type SecretField, WRITTEN_AS } from '../../formats/credential-types.js';

/** The secrets that a line may hold, as the fields of the server are called. */
export const SECRET_KEYS = [
  'password',
  'api_key',
  'token',
  'client_secret',
  'connection_string',
] as const satisfies readonly SecretField[];
export type SecretKey = (typeof SECRET_KEYS)[number];

/** What a line says of a credential. */
export type Key = SecretKey | 'username' | 'url' | 'port' | 'notes' | 'type';
export const isSecretKey = (key: Key): key is SecretKey => (SECRET_KEYS as readonly Key[]).includes(key);

/** How people write the others, as the earlier importer knew them: without blanks, dashes, underscores and case. */
const OTHERS: Record<Exclude<Key, SecretKey>, readonly string[]> = {
  username: ['username', 'user', 'login', 'loginname', 'userid'],
  url: ['url', 'uri', 'host', 'hostname', 'server', 'address', 'ip', 'ipaddress', 'website'],
  port: ['port'],
  notes: ['notes', 'note', 'description'],
  type: ['type'],
};
const ALIASES: [Key, readonly string[]][] = [
  ...SECRET_KEYS.map((key): [Key, readonly string[]] => [key, WRITTEN_AS[key]]),
  ...(Object.entries(OTHERS) as [Key, readonly string[]][]),
];
const KEYS = new Map(ALIASES.flatMap(([key, names]) => names.map(name => [name, key] as const)));

/** Of a key in the name of a variable. */
const MOST_WORDS = 4;

/** Which key a text is; undefined for another word. What stands in brackets behind it says which of several it is. */
export function keyOf(text: string): Key | undefined {
  const bare = text.replace(/\([^()]*\)\s*$/, '').replace(/[^\p{L}\p{N}]+/gu, '');
  return KEYS.get(bare.toLowerCase());
}

/** A variable by the key at its end, and what stands before that: `ACME_DB_PASSWORD` is the password of `ACME_DB`. */
export function keyOfVariable(name: string): { key: Key; group: string } | undefined {
  const words = name.split('_');
  for (let at = Math.max(0, words.length - MOST_WORDS); at < words.length; at++) {
    const key = keyOf(words.slice(at).join(''));
    const group = words.slice(0, at).join('_');
    // What is handed out to everybody is no secret.
    if (key) return /(?:^|_)(?:PUBLIC|PUBLISHABLE)$/i.test(group) ? undefined : { key, group };
  }
  return undefined;
}
