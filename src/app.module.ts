import { DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AccessGuard } from './core/access/access.guard.js';
import { Areas } from './core/access/access-tokens/areas.js';
import { CoreModule } from './core/core.module.js';
import { ErrorFilter } from './core/http/errors/error.filter.js';
import { KnownQueryGuard } from './core/http/known-query.guard.js';
import { NoBodyGuard } from './core/http/no-body.guard.js';
import { UnitInterceptor } from './core/requests/unit.interceptor.js';
import { FirstAdminMaker } from './core/start/first-admin.js';
import type { Backends } from './core/start/backends.js';
import { DirectoryModule } from './directory/directory.module.js';
import { EstateModule } from './estate/estate.module.js';
import { MemoryModule } from './memory/memory.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { VaultModule } from './vault/vault.module.js';
import { HEADINGS } from './wings.js';
import { WorkModule } from './work/work.module.js';

/** The wings, and what stands before every route: guard, unit of work, audit, one filter for all errors. */
@Module({})
export class AppModule {
  constructor(areas: Areas) {
    areas.learn(HEADINGS);
  }

  static register(opened: Backends): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.register(opened),
        DirectoryModule,
        EstateModule,
        WorkModule,
        VaultModule,
        MemoryModule,
        OperationsModule,
      ],
      providers: [
        FirstAdminMaker,
        { provide: APP_GUARD, useExisting: AccessGuard },
        { provide: APP_GUARD, useClass: NoBodyGuard },
        { provide: APP_GUARD, useClass: KnownQueryGuard },
        { provide: APP_INTERCEPTOR, useClass: UnitInterceptor },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }
}
