import { applyDecorators, Get, Query, Req, Res, type Type } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOperation,
  ApiQuery,
  type ApiQueryOptions,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { sharedAs } from '../../core/http/shared-as.js';
import { DescribedTag } from '../../core/http/tags.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { EstateByAge } from './estate/estate.answers.js';
import { ESTATE } from './estate/estate.kind.js';
import { EstateReport } from './estate/estate-report.service.js';
import { IncidentsOfPeriod } from './incidents/incidents.answers.js';
import { INCIDENTS } from './incidents/incidents.kind.js';
import { IncidentsReport } from './incidents/incidents-report.service.js';
import { ReportFile } from './report-file.service.js';
import { FORMATS } from './report-queries.service.js';
import { TimeAndMoney } from './time-and-money/time-and-money.answers.js';
import { TIME_AND_MONEY } from './time-and-money/time-and-money.kind.js';
import { TimeAndMoneyReport } from './time-and-money/time-and-money.service.js';
import { VaultHealth } from './vault-health/vault-health.answers.js';
import { VAULT_HEALTH } from './vault-health/vault-health.kind.js';
import { VaultHealthReport } from './vault-health/vault-health.service.js';

const query = (name: string, schema: object, description: string, shared = `report.${name}`) =>
  ApiQuery({ name, required: false, schema, description, ...sharedAs(shared) } as ApiQueryOptions);

const OF_ALL = [
  query('client_id', { type: 'string', format: 'uuid' }, 'Of this client alone', 'of.client_id'),
  query(
    'format',
    { type: 'string', enum: [...FORMATS] },
    'As `Accept` says when absent: `text/html`, `text/csv`, else JSON. CSV has the rows, and is refused where they are cut',
  ),
  // As exports have it, one component of the document.
  ApiQuery({
    name: 'bom',
    required: false,
    description: 'CSV begins with a byte order mark, by which Excel knows UTF-8',
    schema: { type: 'string', enum: ['true', 'false'] },
    ...sharedAs('bom'),
  } as ApiQueryOptions),
];
const OF_PERIODS = [
  query('month', { type: 'string', example: '2026-01' }, 'Instead of `from` and `to`'),
  query(
    'from',
    { type: 'string', format: 'date' },
    'The first day; eleven months before the last one when absent',
  ),
  query('to', { type: 'string', format: 'date' }, 'The last day; the end of the present month when absent'),
];

function Describe(
  type: Type,
  {
    operationId,
    summary,
    description,
    hasPeriod = false,
  }: { operationId: string; summary: string; description: string; hasPeriod?: boolean },
): MethodDecorator {
  return applyDecorators(
    RequireScope('msp:read'),
    ApiOperation({ operationId, summary, description }),
    ApiExtraModels(type),
    ...OF_ALL,
    ...(hasPeriod ? OF_PERIODS : []),
    ApiResponse({
      status: 200,
      description: 'The report',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(type) } },
        'text/csv': { schema: { type: 'string', description: 'The rows, under the names of their fields' } },
        'text/html': {
          schema: { type: 'string', description: 'A page without scripts, to read and to print' },
        },
      },
    }),
    ErrorsOf(401, 403, 404, 422),
  );
}

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
  @Describe(TimeAndMoney, {
    operationId: 'getTimeAndMoneyReport',
    summary: 'Reports time and money by client and month',
    description: 'The sums of `/billable-time/summary` by `work_date`, of the time that the caller sees.',
    hasPeriod: true,
  })
  timeAndMoney(
    @Query() raw: RawQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.file.ofPeriod(TIME_AND_MONEY, { raw, request, reply }, asked => this.time.report(asked));
  }

  @Get('vault-health')
  @Describe(VaultHealth, {
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
  @Describe(IncidentsOfPeriod, {
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
  @Describe(EstateByAge, {
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
