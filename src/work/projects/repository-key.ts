import { normalized } from '../../formats/normalized.js';

const WITH_SCHEME = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/+(.+)$/;
const LIKE_SCP = /^(?:[^/@\s]+@)?([^/:@\s]+):(?!\/\/)\/*(.+)$/;
const BARE = /^([^/:@\s]+)\/+(.+)$/;

/**
 * What all forms of a git remote have in common, `git.example.com/msp/tool`, for `ssh://git@…`, `https://…`,
 * `git@…:…` (git-fetch(1), "GIT URLS") with or without user, port, `.git` and slash at the end. In lower case:
 * hosts are, and the usual servers do not tell paths apart by case. Undefined for what is no remote. Takes time in
 * proportion to the length, whatever the text.
 */
export function repositoryKey(url: string): string | undefined {
  const text = normalized(url.trim(), 'NFC').toLowerCase();
  // No remote has several lines, and the patterns go back over none.
  if (/[\n\r\u2028\u2029]/.test(text)) return undefined;
  const [, host, path] = WITH_SCHEME.exec(text) ?? LIKE_SCP.exec(text) ?? bareOf(text) ?? [];
  const [named = ''] = path?.split(/[?#]/, 1) ?? [];
  const name = withoutSlashes(withoutSlashes(named).replace(/\.git$/, ''));
  return host && name ? `${host}/${name.replace(/\/+/g, '/')}` : undefined;
}

/** The host of an address without a scheme has a dot in it. */
function bareOf(text: string): RegExpExecArray | undefined {
  const found = BARE.exec(text);
  return found?.[1]?.slice(1, -1).includes('.') ? found : undefined;
}

/** Without those at the end. */
function withoutSlashes(text: string): string {
  let end = text.length;
  while (text.charAt(end - 1) === '/') end--;
  return text.slice(0, end);
}
