import { type CanActivate, Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { currentHeader } from '../../core/context/request-context.js';

const ROOT = /^\/?(root)?\/?$/;

/** Refuses what a client asks for by a header and would not get: to ignore it would answer something else, or in the clear. */
@Injectable()
export class KvHeaders implements CanActivate {
  canActivate(): boolean {
    if (!ROOT.test(currentHeader('x-vault-namespace') ?? ''))
      throw ValidationError.of('X-Vault-Namespace', 'must be absent: there are no namespaces', 'namespace');
    if (currentHeader('x-vault-wrap-ttl') !== undefined)
      throw ValidationError.of('X-Vault-Wrap-TTL', 'must be absent: answers are not wrapped', 'wrap');
    return true;
  }
}
