import { redact } from '../../formats/redaction/redact.js';

const SCHEME = /^(https?|ssh|git|git\+ssh|ftps?):\/\//i;
const AT_HOST = /^[\w.-]+(?::\d{1,5})?\/+[^\\@]+$/;
const LIKE_SCP = /^[\w.-]+:(?!\/\/)[^\\@]+$/;
const BARE = /^[\w-]+(?:\.[\w-]+)+\/+[^\\@]+$/;

/**
 * A git remote without what opens it: over HTTP nothing of a user stays, since tokens stand there, too; elsewhere the
 * name of the user does; no parameters, and secrets in the rest masked. Undefined for what has none of the known forms.
 * Takes time in proportion to the length.
 */
export function withoutPassword(remote: string): string | undefined {
  const [named = ''] = remote.trim().split(/[?#]/, 1);
  const [scheme = ''] = SCHEME.exec(named) ?? [];
  const rest = named.slice(scheme.length);
  // A password may have the same character in it: the last one is where the host begins.
  const at = rest.lastIndexOf('@') + 1;
  const place = rest.slice(at);
  const isKnown = scheme ? AT_HOST.test(place) : LIKE_SCP.test(place) || BARE.test(place);
  if (/\s/.test(named) || !isKnown) return undefined;
  const [user = ''] =
    /^https?:/i.test(scheme) || BARE.test(place) ? [''] : rest.slice(0, at).split(/[:@]/, 1);
  return redact(`${scheme}${/^[\w.-]+$/.test(user) ? `${user}@` : ''}${place}`);
}
