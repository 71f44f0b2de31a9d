import { Global, Module } from '@nestjs/common';
import { KnownSecrets } from '../../../core/redaction/known-secrets.js';
import { VaultSecrets } from './vault-secrets.service.js';

/** Global: the resource kit asks it for what a body must not hold, and credentials for what of their own. */
@Global()
@Module({
  providers: [VaultSecrets, { provide: KnownSecrets, useExisting: VaultSecrets }],
  exports: [KnownSecrets, VaultSecrets],
})
export class VaultSecretsModule {}
