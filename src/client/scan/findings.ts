import { type CredentialType, mainField } from '../../formats/credential-types.js';
import type { Draft } from './drafts.js';
import type { SecretKey } from '../key-words/keys.js';

/** A credential as the server takes it, and where it was found. */
export interface Finding {
  file: string;
  line: number;
  service: string;
  /** Of the server's `credential_type`. */
  type: CredentialType;
  username: string | null;
  url: string | null;
  port: number | null;
  notes: string | null;
  /** By field of the server. */
  secrets: Record<string, string>;
  /** What each stood in, where that was a variable. */
  variables: Record<string, string>;
  /** Whether it is what stood in names and notes of the one before it. */
  isBeside?: true;
}

type Type = Finding['type'];

/** Types that people name beside a secret, and that one secret alone makes: a key or a certificate is no line of text. */
const NAMED = new Set<string>(['password', 'api_key', 'oauth', 'jwt', 'shared_secret', 'connection_string']);

const isJwt = (text = '') => /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(text);

/** The secrets of one place by types that hold them together. */
function groupsOf(
  has: (key: SecretKey) => boolean,
  token: string | undefined,
): { type: Type; fields: SecretKey[] }[] {
  const groups: { type: Type; fields: SecretKey[] }[] = [];
  const put = (type: Type, fields: SecretKey[]) => {
    const there = fields.filter(has);
    if (there.length > 0) groups.push({ type, fields: there });
  };
  if (has('connection_string')) put('connection_string', ['connection_string', 'password']);
  else put('password', ['password']);
  if (has('api_key')) put('api_key', ['api_key', 'client_secret']);
  if (has('token') && isJwt(token)) put('jwt', ['token']);
  const rest: SecretKey[] = [
    ...(has('api_key') ? [] : (['client_secret'] as const)),
    ...(isJwt(token) ? [] : (['token'] as const)),
  ];
  put('oauth', rest);
  return groups;
}

/** The type that a line `Type: …` names, where it may hold the only secret there is. */
function namedType(text: string | undefined, count: number): Type | undefined {
  const name = text
    ?.trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return count === 1 && name !== undefined && NAMED.has(name) ? (name as Type) : undefined;
}

function portOf(text: string | undefined): number | null {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}

/** The credentials that a draft holds: several when its secrets are of types that do not go together. */
export function findingsOf(file: string, { service, line, values, variables }: Draft): Finding[] {
  const groups = groupsOf(key => values.has(key), values.get('token'));
  const fields = groups.flatMap(one => one.fields);
  const named = namedType(values.get('type'), fields.length);
  return groups.map(({ type, fields: own }) => {
    const calledBy = (key: SecretKey) => (named ? mainField(named) : key);
    const said = own.flatMap(key => {
      const variable = variables.get(key);
      return variable === undefined ? [] : [[calledBy(key), variable]];
    });
    return {
      ...{ file, line, service, type: named ?? type },
      username: values.get('username') ?? null,
      url: values.get('url') ?? null,
      port: portOf(values.get('port')),
      notes: values.get('notes') ?? null,
      secrets: Object.fromEntries(own.map(key => [calledBy(key), values.get(key) ?? ''])) as Record<
        string,
        string
      >,
      variables: Object.fromEntries(said) as Record<string, string>,
    };
  });
}
