/** Where a secret is, without the secret: `opskeep://<client, pool or private>/<credential>/<field>`. */
export interface SecretReference {
  /** The name or id of a client, `pool`, `private`, or `local` for the vault of the user's machine. */
  place: string;
  /** The name of the credential, or its id. */
  credential: string;
  /** The main secret when absent; of `local` there is but one. */
  field?: string;
}

export const SCHEME = 'opskeep://';

/** What stands for a place of its own; a client of that name is referred to by its id. */
export const OWN_PLACES: ReadonlySet<string> = new Set(['pool', 'private', 'local']);

const byCode = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
/** Percent-encoded (RFC 3986), with what ends a word or a sentence, so that it may stand in one. */
const encoded = (part: string) => encodeURIComponent(part).replace(/[!'()*]|\.$/g, byCode);

/** As it stands in a file or a variable. */
export function referenceText({ place, credential, field }: SecretReference): string {
  const parts = field === undefined ? [place, credential] : [place, credential, field];
  return `${SCHEME}${parts.map(encoded).join('/')}`;
}

/** What a text refers to, encoded or as people write it; undefined when it is no reference. */
export function parseReference(text: string): SecretReference | undefined {
  if (!text.startsWith(SCHEME)) return undefined;
  let parts: string[];
  try {
    parts = text.slice(SCHEME.length).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
  const [place = '', credential = '', field, ...more] = parts;
  if (more.length > 0 || parts.includes('') || credential === '') return undefined;
  if (place === 'local' && field !== undefined) return undefined;
  return { place, credential, field };
}
