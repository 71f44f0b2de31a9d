const WITH_SCHEME = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/+(.+)$/;
const LIKE_SCP = /^(?:[^/@\s]+@)?([^/:@\s]+):(?!\/\/)\/*(.+)$/;
const BARE = /^([^/:@\s]+\.[^/:@\s]+)\/+(.+)$/;

/**
 * What all forms of a git remote have in common, `git.example.com/msp/tool`, for `ssh://git@…`, `https://…`,
 * `git@…:…` (git-fetch(1), "GIT URLS") with or without user, port, `.git` and slash at the end. In lower case:
 * hosts are, and the usual servers do not tell paths apart by case. Undefined for what is no remote.
 */
export function repositoryKey(url: string): string | undefined {
  const text = url.trim().normalize('NFC').toLowerCase();
  const [, host, path] = WITH_SCHEME.exec(text) ?? LIKE_SCP.exec(text) ?? BARE.exec(text) ?? [];
  const name = path
    ?.replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '');
  return host && name ? `${host}/${name.replace(/\/+/g, '/')}` : undefined;
}
