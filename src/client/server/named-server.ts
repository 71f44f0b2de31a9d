import type { Call } from '../cli/command.js';
import { UsageError } from '../cli/errors.js';
import { isServerUrl, withoutSlash } from './addresses.js';

/**
 * The server that `--url` names; undefined without one.
 *
 * @throws UsageError for what is no address
 */
export function namedServer(call: Call): string | undefined {
  // Whoever copies the address of a request means the server.
  const url = withoutSlash(withoutSlash(call.value('url'))?.replace(/\/api$/, ''));
  if (url !== undefined && !isServerUrl(url))
    throw new UsageError('--url must be an address as https://opskeep.example.com, without a password.');
  return url;
}
