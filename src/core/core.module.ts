import { DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { INSTALL_ID } from './access/tokens/token-signer.js';
import { AuditModule } from './audit/audit.module.js';
import { AppSettings } from './config/settings.js';
import { Logger } from './context/logger.js';
import { CryptoModule } from './crypto/crypto.module.js';
import { CustomFieldsModule } from './custom-fields/custom-fields.module.js';
import { DatabaseModule } from './database/database.module.js';
import { EventsModule } from './events/events.module.js';
import { HttpModule } from './http/http.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { RequestsModule } from './requests/requests.module.js';
import { ResourceModule } from './resource/resource.module.js';
import type { Backends } from './start/backends.js';
import { TableModule } from './table/table.module.js';
import { WorkersModule } from './workers/workers.module.js';

/** What every wing stands on, bottom up, made from what was opened before the application. */
@Module({})
export class CoreModule {
  static register(opened: Backends): DynamicModule {
    return {
      module: CoreModule,
      global: true,
      imports: [
        MetricsModule,
        WorkersModule,
        DatabaseModule.register(opened.database),
        TableModule,
        CryptoModule.register(opened.keystore, opened.masterKeys),
        AuditModule,
        EventsModule,
        HttpModule,
        ResourceModule,
        CustomFieldsModule,
        RequestsModule,
        AccessModule,
      ],
      providers: [
        { provide: AppSettings, useValue: opened.settings },
        { provide: Logger, useValue: opened.logger },
        { provide: INSTALL_ID, useValue: opened.install_id },
      ],
      exports: [AppSettings, Logger, INSTALL_ID],
    };
  }
}
