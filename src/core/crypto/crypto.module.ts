import { DynamicModule, Module } from '@nestjs/common';
import { KeyDestruction } from './key-destruction.js';
import { KeyRing } from './key-ring.js';
import { Keystore } from './keystore/keystore.js';
import { LinkSeals } from './link-seals.js';
import { MasterKeys } from './master-key/master-key-set.js';
import { OpeningFailures } from './opening-failures.js';
import { Opener } from './opener.js';
import { Sealer } from './sealer.js';
import { Signatures } from './signatures.js';

/** The key ring, the sealer and the opener, everywhere. The keystore is opened before, and closed by who opened it. */
@Module({})
export class CryptoModule {
  static register(keystore: Keystore, masterKeys: MasterKeys): DynamicModule {
    return {
      module: CryptoModule,
      global: true,
      providers: [
        { provide: Keystore, useValue: keystore },
        { provide: MasterKeys, useValue: masterKeys },
        KeyRing,
        KeyDestruction,
        LinkSeals,
        { provide: OpeningFailures, useFactory: (ring: KeyRing) => ring.failures, inject: [KeyRing] },
        Opener,
        Sealer,
        Signatures,
      ],
      exports: [
        Keystore,
        MasterKeys,
        KeyRing,
        KeyDestruction,
        LinkSeals,
        Opener,
        OpeningFailures,
        Sealer,
        Signatures,
      ],
    };
  }
}
