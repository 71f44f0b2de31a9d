import type { Call } from '../cli/command.js';
import { UsageError } from '../cli/errors.js';
import { isServerUrl, withoutSlash } from './addresses.js';

/**
 * The server that `--url` names; undefined without one.
 *
 * @throws UsageError for what is no address
 */
export function namedServer(call: Call): string | undefined {
  const url = withoutSlash(call.value('url'));
  if (url !== undefined && !isServerUrl(url))
    throw new UsageError('--url must be an address as https://opskeep.example.com, without a password.');
  return url;
}
