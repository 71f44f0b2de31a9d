/** The secret that a credential of each type is about: what `get` prints, and `add` and `rotate` set, unless they name one. */
export const MAIN_FIELD: Record<string, string> = {
  password: 'password',
  api_key: 'api_key',
  oauth: 'client_secret',
  ssh_key: 'private_key',
  shared_secret: 'shared_secret',
  jwt: 'token',
  connection_string: 'connection_string',
  certificate: 'certificate',
};

/** Types whose secret the server can make: random text serves as it; keys, certificates and tokens are made elsewhere. */
export const MAKEABLE: ReadonlySet<string> = new Set(['password', 'api_key', 'oauth', 'shared_secret']);
