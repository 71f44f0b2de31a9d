import { Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiController } from '../../core/http/api-controller.js';
import { DescribedTag } from '../../core/http/tags.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { DescribeReport } from './describe-report.js';
import { EstateByAge } from './estate/estate.answers.js';
import { ESTATE } from './estate/estate.kind.js';
import { EstateReport } from './estate/estate-report.service.js';
import { IncidentsOfPeriod } from './incidents/incidents.answers.js';
import { INCIDENTS } from './incidents/incidents.kind.js';
import { IncidentsReport } from './incidents/incidents-report.service.js';
import { ReportFile } from './report-file.service.js';
import { TimeAndMoney } from './time-and-money/time-and-money.answers.js';
import { TIME_AND_MONEY } from './time-and-money/time-and-money.kind.js';
import { TimeAndMoneyReport } from './time-and-money/time-and-money-report.service.js';
import { VaultHealth } from './vault-health/vault-health.answers.js';
import { VAULT_HEALTH } from './vault-health/vault-health.kind.js';
import { VaultHealthReport } from './vault-health/vault-health-report.service.js';

@DescribedTag('reports', 'What was worked and earned, what the vault, the estate and incidents want: to program with, to calculate with, to print.') // prettier-ignore
@ApiController('reports')
export class ReportsController {
  constructor(
    private readonly file: ReportFile,
    private readonly time: TimeAndMoneyReport,
    private readonly health: VaultHealthReport,
    private readonly incidentsOf: IncidentsReport,
    private readonly estateOf: EstateReport,
  ) {}

  @Get('time-and-money')
  @DescribeReport(TimeAndMoney, {
    operationId: 'getTimeAndMoneyReport',
    summary: 'Reports time and money by client and month',
    description:
      'The sums of `/billable-time/summary` by `work_date`, of the time that the caller sees: drafts and what is not ' +
      'approved included, unless `status` says otherwise. `by_status` and `not_approved` tell them apart.',
    hasPeriod: true,
    ...(TIME_AND_MONEY.filters && { filters: TIME_AND_MONEY.filters }),
  })
  timeAndMoney(
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.file.ofPeriod(TIME_AND_MONEY, { raw, request, reply }, asked => this.time.report(asked));
  }

  @Get('vault-health')
  @DescribeReport(VaultHealth, {
    operationId: 'getVaultHealthReport',
    summary: 'Reports which credentials want care, and who knows secrets',
    description:
      'What `/credentials/health` and, for the scope `msp:admin`, the exposure say: under the same rights, and on the trail as these.',
  })
  vaultHealth(
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.file.ofNow(VAULT_HEALTH, { raw, request, reply }, asked => this.health.report(asked));
  }

  @Get('incidents')
  @DescribeReport(IncidentsOfPeriod, {
    operationId: 'getIncidentsReport',
    summary: 'Reports incidents with their deadlines',
    description: 'Those of the period by `incident_date`, and those from before it that are not resolved.',
    hasPeriod: true,
  })
  incidents(
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.file.ofPeriod(INCIDENTS, { raw, request, reply }, asked => this.incidentsOf.report(asked));
  }

  @Get('estate')
  @DescribeReport(EstateByAge, {
    operationId: 'getEstateReport',
    summary: 'Reports the estate by age and warranty',
    description: 'Infrastructure that is not decommissioned.',
  })
  estate(
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.file.ofNow(ESTATE, { raw, request, reply }, asked => this.estateOf.report(asked));
  }
}
