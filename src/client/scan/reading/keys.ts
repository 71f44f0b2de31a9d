/** What a line says of a credential. */
export type Key =
  | 'username'
  | 'password'
  | 'api_key'
  | 'token'
  | 'client_secret'
  | 'connection_string'
  | 'url'
  | 'port'
  | 'notes'
  | 'type';

/** The secrets among them, as the fields of the server are called. */
export const SECRET_KEYS = ['password', 'api_key', 'token', 'client_secret', 'connection_string'] as const;
export type SecretKey = (typeof SECRET_KEYS)[number];
export const isSecretKey = (key: Key): key is SecretKey => (SECRET_KEYS as readonly Key[]).includes(key);

/** How people write them, as the earlier importer knew them: without blanks, dashes, underscores and case. */
const ALIASES: Record<Key, string[]> = {
  username: ['username', 'user', 'login', 'loginname', 'userid'],
  password: ['password', 'pass', 'pwd', 'passwd'],
  api_key: ['apikey', 'key'],
  token: ['token', 'accesstoken', 'bearer', 'bearertoken', 'apitoken', 'authtoken'],
  client_secret: ['clientsecret', 'secret', 'secretkey'],
  connection_string: ['connectionstring', 'connstr', 'connstring', 'dsn'],
  url: ['url', 'uri', 'host', 'hostname', 'server', 'address', 'ip', 'ipaddress', 'website'],
  port: ['port'],
  notes: ['notes', 'note', 'description'],
  type: ['type'],
};
const KEYS = new Map(
  Object.entries(ALIASES).flatMap(([key, names]) => names.map(name => [name, key as Key] as const)),
);

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
