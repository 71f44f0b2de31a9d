const WITH_USER = /^([a-z][a-z0-9+.-]*:\/\/)([^/@\s]*)@/i;
const LIKE_SCP = /^([^/@\s:]+):[^/@\s]*@/;

/**
 * A git remote without what opens it: over HTTP nothing of a user stays, since tokens stand there, too; elsewhere the
 * name of the user does. Takes time in proportion to the length.
 */
export function withoutPassword(remote: string): string {
  if (!remote.includes('://')) return remote.replace(LIKE_SCP, '$1@');
  return remote.replace(WITH_USER, (_all, scheme: string, user: string) => {
    const [name] = /^https?:/i.test(scheme) ? [''] : user.split(':', 1);
    return name ? `${scheme}${name}@` : scheme;
  });
}
