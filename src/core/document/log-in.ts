import type { OpenAPIObject } from '@nestjs/swagger';
import type { SCOPES } from '../context/actor.js';
import { mapValues } from './schemas.js';

/** The scheme of the page's log-in with email and password. */
const LOG_IN = 'email_and_password';

const MEANINGS: Record<(typeof SCOPES)[number], string> = {
  'msp:read': 'Lists, single rows, search, exports',
  'msp:write': 'Creating and changing, actions',
  'msp:admin': 'Deleting, clients, users',
};

const SCHEME = {
  type: 'oauth2',
  description:
    'The email is the username; no scope needs to be chosen: the token carries those of the user. With a second ' +
    'factor, take the token of `POST /api/auth/login` instead.',
  flows: { password: { tokenUrl: '/api/auth/token', scopes: MEANINGS } },
} as const;

type Security = Record<string, string[]>[];

/** The document with OAuth 2's password flow beside each bearer token: the token is the same. */
export function offerLogIn(document: OpenAPIObject): OpenAPIObject {
  const both = (security: Security) =>
    security.flatMap(one => (one.bearer ? [one, { [LOG_IN]: one.bearer }] : [one]));
  const paths = mapValues(document.paths, item =>
    mapValues(item as Record<string, { security?: Security }>, one =>
      one.security ? { ...one, security: both(one.security) } : one,
    ),
  );
  const securitySchemes = { [LOG_IN]: SCHEME, ...document.components?.securitySchemes };
  return {
    ...document,
    paths,
    components: { ...document.components, securitySchemes },
  } as unknown as OpenAPIObject;
}
