/** Why a server does not do what it is asked, as far as that can be told by the status of its answer. */
export interface Refusal {
  /** `token`: it is not known. `right`: it may not do that. `busy`: the server cannot, at the moment. */
  kind: 'token' | 'right' | 'busy';
  reason: string;
}

/** How a token is mended. */
export const MEND_TOKEN =
  'make a new token (POST /api/access-tokens, with resources ["memory"] and scopes ["msp:read", "msp:write"]), ' +
  'and give it to: opskeep hooks install --token -';

/** @param what is asked of the server, as "read the memory" */
export function refusalOf(status: number, what: string): Refusal {
  if (status === 401)
    return { kind: 'token', reason: 'the server refuses the token (401): it is wrong, expired or revoked' };
  if (status === 403) return { kind: 'right', reason: `the token may not ${what} (403)` };
  return { kind: 'busy', reason: `the server answered with ${status}` };
}
