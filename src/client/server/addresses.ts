/** An address as it is compared, and written into others: without a slash at its end. */
export const withoutSlash = (url: string | undefined) => url?.replace(/\/{1,8}$/, '');

/** Whether this is an address of a server: http or https, without a password in it. */
export function isServerUrl(text: string): boolean {
  try {
    const { protocol, username, password } = new URL(text);
    return /^https?:$/.test(protocol) && username === '' && password === '';
  } catch {
    return false;
  }
}

/** Whether what is sent there can be read on the way. */
export function isReadable(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
