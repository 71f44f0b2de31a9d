import { DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { INSTALL_ID } from './access/token-signer.js';
import { AuditController } from './audit/audit.controller.js';
import { Audit } from './audit/audit.service.js';
import { JournalVerifier } from './audit/journal-verifier.js';
import { Refusals } from './audit/refusals.js';
import { CryptoModule } from './crypto/crypto.module.js';
import { MainDatabase } from './database/main-database.js';
import { Units } from './database/units.js';
import { EventBus } from './events/events.js';
import { HealthController } from './http/health.controller.js';
import { Idempotency } from './http/idempotency.js';
import { Logger } from './http/logger.js';
import { RateLimits } from './http/rate-limits.js';
import { RefusedRequests } from './http/refused-requests.js';
import type { Resources } from './start/resources.js';
import { ResourceKit } from './resource/kit.js';
import { RefusedTargets } from './resource/refused-targets.js';
import { ResourceServices } from './resource/resource-services.js';
import { Rows } from './resource/rows.js';
import { AppSettings } from './config/settings.js';

const SERVICES = [
  Units,
  Rows,
  EventBus,
  Audit,
  JournalVerifier,
  ResourceServices,
  ResourceKit,
  Idempotency,
  RateLimits,
  Refusals,
  RefusedRequests,
  RefusedTargets,
];

/** What every wing stands on, made from what was opened before the application (settings, databases, keys). */
@Module({})
export class CoreModule {
  static register(opened: Resources): DynamicModule {
    return {
      module: CoreModule,
      global: true,
      imports: [CryptoModule.register(opened.keystore, opened.masterKeys), AccessModule],
      controllers: [HealthController, AuditController],
      providers: [
        { provide: AppSettings, useValue: opened.settings },
        { provide: MainDatabase, useValue: opened.database },
        { provide: Logger, useValue: opened.logger },
        { provide: INSTALL_ID, useValue: opened.install_id },
        ...SERVICES,
      ],
      exports: [AppSettings, MainDatabase, Logger, INSTALL_ID, ...SERVICES],
    };
  }
}
