/** Where a secret is, without the secret: `opskeep://<client, pool or private>/<credential>/<field>`. */
export interface SecretReference {
  /** The name of a client, `pool`, or `private`. */
  place: string;
  /** The name of the credential, or its id. */
  credential: string;
  field: string;
}

const SCHEME = 'opskeep://';

/** As it stands in a file or a variable; each part is percent-encoded (RFC 3986). */
export function referenceText({ place, credential, field }: SecretReference): string {
  return `${SCHEME}${[place, credential, field].map(encodeURIComponent).join('/')}`;
}
