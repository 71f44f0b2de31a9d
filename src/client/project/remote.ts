import { redact } from '../../formats/redaction/redact.js';

const MOST = 255;
/** `https://user:password@host:port/path`, and what git speaks beside it. */
const ADDRESS =
  /^(https?|ssh|git|git\+ssh|ssh\+git):\/\/(?:[^\s/]{0,500}@)?([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?(\/[^\s@"'<>\\]+)$/i;
/** `user@host:path`, as ssh has it. */
const PLACE = /^([A-Za-z0-9_.-]+@)?([A-Za-z0-9][A-Za-z0-9_.-]+|\[[0-9A-Fa-f:]+\]):([^\s@:"'<>\\]+)$/;
const SCHEME = /^(?:https?|ssh|git|git\+ssh|ssh\+git|ftps?|file|ext|fd|rsync|svn|bzr|hg)$/i;

/**
 * A remote as it may be stored: without password, query and fragment. Undefined for what is not surely the address of a
 * repository on a server: a folder of this machine, a program, something with a password where none belongs.
 */
export function cleanRemote(remote: string): string | undefined {
  if (remote.length > 1_000) return undefined;
  const whole = remote.trim();
  const end = whole.search(/[?#]/);
  // An @ behind it: what looks like a query may be a part of a password.
  if (end !== -1 && whole.includes('@', end)) return undefined;
  const bare = end === -1 ? whole : whole.slice(0, end);
  const known = addressIn(bare) ?? placeIn(bare);
  return known !== undefined && known.length <= MOST && redact(known) === known ? known : undefined;
}

function addressIn(text: string): string | undefined {
  const [, scheme, host, port = '', path] = ADDRESS.exec(text) ?? [];
  return scheme && host && path ? `${scheme}://${host}${port}${path}` : undefined;
}

function placeIn(text: string): string | undefined {
  const [, user = '', host = '', path = ''] = PLACE.exec(text) ?? [];
  if (host === '' || SCHEME.test(host) || path.startsWith('//')) return undefined;
  // Without user and folders it may be a user with a password.
  if (user === '' && !path.includes('/') && !path.endsWith('.git')) return undefined;
  // The usual name of a user is no secret; another may be a token.
  return `${user === 'git@' ? user : ''}${host}:${path}`;
}
