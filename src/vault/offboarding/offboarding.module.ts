import { Module } from '@nestjs/common';
import { ClientsModule } from '../../directory/clients/clients.module.js';
import { ApprovalsModule } from '../approvals/approvals.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { ExposureModule } from '../exposure/exposure.module.js';
import { SharesModule } from '../shares/shares.module.js';
import { ClientExport } from './client-export.service.js';
import { OffboardingController } from './offboarding.controller.js';
import { OffboardingService } from './offboarding.service.js';
import { SecretsState } from './secrets-state.js';
import { Shredding } from './shredding.service.js';

/** How a client leaves: what its next provider takes over, and what nobody opens any more. */
@Module({
  imports: [ClientsModule, CredentialsModule, ExposureModule, SharesModule, ApprovalsModule],
  controllers: [OffboardingController],
  providers: [OffboardingService, ClientExport, Shredding, SecretsState],
})
export class OffboardingModule {}
