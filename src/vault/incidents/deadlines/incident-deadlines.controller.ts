import { Body, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../../core/http/access.decorators.js';
import { ErrorsOf } from '../../../core/http/errors/error-answer.js';
import { ApiController } from '../../../core/http/api-controller.js';
import { bodiesOf } from '../../../core/resource/bodies/bodies.js';
import { BodyPipe } from '../../../core/http/pipes/body.pipe.js';
import { DescribeListBy } from '../../../core/resource/describe/describe-list.js';
import { IdParam } from '../../../core/http/pipes/id.pipe.js';
import type { RawQuery } from '../../../core/resource/lists/query-parts.js';
import { CreateDeadlineBody, UpdateDeadlineBody } from './incident-deadline.bodies.js';
import type { IncidentDeadline } from './incident-deadline.entity.js';
import { DEADLINE, IncidentDeadlinesService } from './incident-deadlines.service.js';
import { IncidentsService } from '../incidents.service.js';

const { view } = bodiesOf(DEADLINE);
const INCIDENT_ID = { name: 'id', schema: { type: 'string', format: 'uuid' } } as const;

/** The deadlines that a request has made. */
class CreatedDeadlines {
  @ApiProperty({ type: () => [view] }) items!: IncidentDeadline[];
}

@ApiTags('security incidents')
@ApiController('security-incidents/:id/deadlines')
export class IncidentDeadlinesController {
  constructor(
    private readonly incidents: IncidentsService,
    private readonly deadlines: IncidentDeadlinesService,
  ) {}

  @Get()
  @RequireScope('msp:read')
  @DescribeListBy(DEADLINE, 'incident')
  @ErrorsOf(404)
  async list(@IdParam() id: string, @Query() query: RawQuery) {
    return this.deadlines.list(await this.incidents.find(id), query);
  }

  @Post()
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'createIncidentDeadlines',
    summary: 'Adds the deadlines of a template, or a single deadline',
    description:
      'gdpr: 72 hours. nis2: 24 hours, 72 hours and a month. Counted from aware_at of the incident.',
  })
  @ApiParam(INCIDENT_ID)
  @ApiBody({ type: CreateDeadlineBody })
  @ApiResponse({ status: 201, description: 'What was added', type: CreatedDeadlines })
  @ErrorsOf(401, 403, 404, 409, 422)
  async add(
    @IdParam() id: string,
    @Body(new BodyPipe(CreateDeadlineBody)) body: CreateDeadlineBody,
  ): Promise<CreatedDeadlines> {
    return { items: await this.deadlines.add(await this.incidents.find(id), body) };
  }

  @Patch(':deadline_id')
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'updateIncidentDeadline',
    summary: 'Records the notification that a deadline asks for',
    description: 'What is absent stays as it is, null clears.',
  })
  @ApiParam(INCIDENT_ID)
  @ApiParam({ name: 'deadline_id', schema: { type: 'string', format: 'uuid' } })
  @ApiBody({ type: UpdateDeadlineBody })
  @ApiResponse({ status: 200, description: 'The deadline after the change', type: view })
  @ErrorsOf(401, 403, 404, 422)
  async change(
    @IdParam() id: string,
    @IdParam('deadline_id') deadline_id: string,
    @Body(new BodyPipe(UpdateDeadlineBody)) body: UpdateDeadlineBody,
  ) {
    return this.deadlines.change(await this.incidents.find(id), deadline_id, body);
  }
}
