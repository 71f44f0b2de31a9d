import { Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { pageOf } from '../../core/resource/describe/answers.js';
import { ApiController } from '../../core/http/api-controller.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { etag } from '../../core/resource/if-match.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { ReopenIncidentBody } from './incident.bodies.js';
import { IncidentReport } from './report/incident-report.js';
import { IncidentReportsService } from './report/incident-reports.service.js';
import { type IncidentStatus, STATUSES } from './security-incident.entity.js';
import { IncidentsService } from './incidents.service.js';
import { OneOfPipe } from '../../core/http/pipes/one-of.pipe.js';
import { reportMarkdown } from './report/report-markdown.js';
import { SecurityIncident } from './security-incident.entity.js';

const { view } = bodiesOf(resourceOf(SecurityIncident));
const FORMATS = ['markdown', 'json'] as const;

@ApiController('security-incidents')
export class IncidentsController extends ResourceController(SecurityIncident) {
  constructor(
    readonly service: IncidentsService,
    private readonly reports: IncidentReportsService,
  ) {
    super();
  }

  @Get('by-status/:status')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'listSecurityIncidentsByStatus',
    summary: 'Lists security incidents by status',
    description: 'Takes every parameter of the list.',
  })
  @ApiParam({ name: 'status', schema: { type: 'string', enum: [...STATUSES] } })
  @ApiResponse({ status: 200, description: 'A page', type: pageOf(view) })
  @ErrorsOf(401, 403, 422)
  listByStatus(
    @Param('status', new OneOfPipe('status', STATUSES)) status: IncidentStatus,
    @Query() query: RawQuery,
  ) {
    return this.service.listByStatus(status, query);
  }

  @Post(':id/reopen')
  @HttpCode(200)
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'reopenSecurityIncident',
    summary: 'Reopens a security incident',
    description: 'Clears contained_at and resolved_at; the reason is written to the timeline.',
  })
  @ApiBody({ type: ReopenIncidentBody })
  @ApiResponse({ status: 200, description: 'The incident, under investigation', type: view })
  @ErrorsOf(401, 403, 404, 409, 422)
  async reopen(
    @IdParam() id: string,
    @Body(new BodyPipe(ReopenIncidentBody)) body: ReopenIncidentBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const incident = await this.service.reopen(id, body.reason);
    etag(reply, incident);
    return incident;
  }

  @Get(':id/report')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'getSecurityIncidentReport',
    summary: 'Returns the report on a security incident for its client',
    description:
      'Leaves out findings, timeline entries that are not client_visible, and names of technicians. Times are UTC.',
  })
  @ApiExtraModels(IncidentReport)
  @ApiQuery({
    name: 'format',
    required: false,
    schema: { type: 'string', enum: [...FORMATS], default: 'markdown' },
  })
  @ApiResponse({
    status: 200,
    description: 'The report',
    content: {
      'text/markdown': { schema: { type: 'string' } },
      'application/json': { schema: { $ref: getSchemaPath(IncidentReport) } },
    },
  })
  @ErrorsOf(401, 403, 404, 422)
  async report(
    @IdParam() id: string,
    @Query('format', new OneOfPipe('format', FORMATS)) format: (typeof FORMATS)[number],
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const report = await this.reports.report(await this.service.find(id));
    if (format === 'json') return report;
    reply.type('text/markdown; charset=utf-8');
    return reportMarkdown(report);
  }
}
