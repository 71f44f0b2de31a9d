import { Global, Module } from '@nestjs/common';
import { KnownSecrets } from '../../../core/redaction/known-secrets.js';
import { VaultSecrets } from './vault-secrets.service.js';

/** Global: the resource kit asks it for what a body must not hold. */
@Global()
@Module({
  providers: [VaultSecrets, { provide: KnownSecrets, useExisting: VaultSecrets }],
  exports: [KnownSecrets],
})
export class VaultSecretsModule {}
