import { Module } from '@nestjs/common';
import { ClientsModule } from '../../directory/clients/clients.module.js';
import { InfrastructureModule } from '../../estate/infrastructure/infrastructure.module.js';
import { CredentialsModule } from '../../vault/credentials/credentials.module.js';
import { ExposureModule } from '../../vault/exposure/exposure.module.js';
import { CredentialHealthModule } from '../../vault/health/credential-health.module.js';
import { IncidentsModule } from '../../vault/incidents/incidents.module.js';
import { BillableTimeModule } from '../../work/billable-time/billable-time.module.js';
import { EstateReport } from './estate/estate-report.service.js';
import { IncidentsReport } from './incidents/incidents-report.service.js';
import { ReportFile } from './report-file.service.js';
import { ReportQueries } from './report-queries.service.js';
import { ReportsController } from './reports.controller.js';
import { TimeAndMoneyReport } from './time-and-money/time-and-money-report.service.js';
import { VaultHealthReport } from './vault-health/vault-health-report.service.js';

@Module({
  imports: [
    ClientsModule,
    InfrastructureModule,
    BillableTimeModule,
    CredentialsModule,
    CredentialHealthModule,
    ExposureModule,
    IncidentsModule,
  ],
  controllers: [ReportsController],
  providers: [
    ReportQueries,
    ReportFile,
    TimeAndMoneyReport,
    VaultHealthReport,
    IncidentsReport,
    EstateReport,
  ],
})
export class ReportsModule {}
