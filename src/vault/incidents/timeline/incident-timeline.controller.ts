import { Body, Get, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../../core/http/access.decorators.js';
import { ErrorsOf } from '../../../core/http/errors/error-answer.js';
import { ApiController } from '../../../core/http/api-controller.js';
import { bodiesOf } from '../../../core/resource/bodies/bodies.js';
import { BodyPipe } from '../../../core/http/pipes/body.pipe.js';
import { DescribeListBy } from '../../../core/resource/describe/describe-list.js';
import { IdParam } from '../../../core/http/pipes/id.pipe.js';
import type { RawQuery } from '../../../core/resource/lists/query-parts.js';
import { CreateTimelineEntryBody } from './incident-timeline.bodies.js';
import { IncidentTimelineService, TIMELINE } from './incident-timeline.service.js';
import { IncidentsService } from '../incidents.service.js';

/** The timeline can be read and added to; there is no route that changes or removes an entry. */
@ApiTags('security incidents')
@ApiController('security-incidents/:id/timeline')
export class IncidentTimelineController {
  constructor(
    private readonly incidents: IncidentsService,
    private readonly timeline: IncidentTimelineService,
  ) {}

  @Get()
  @RequireScope('msp:read')
  @DescribeListBy(TIMELINE, 'incident')
  @ErrorsOf(404)
  async list(@IdParam() id: string, @Query() query: RawQuery) {
    return this.timeline.list(await this.incidents.find(id), query);
  }

  @Post()
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'createIncidentTimelineEntry',
    summary: 'Adds an entry to the timeline of a security incident',
  })
  @ApiBody({ type: CreateTimelineEntryBody })
  @ApiResponse({ status: 201, description: 'The entry', type: bodiesOf(TIMELINE).view })
  @ErrorsOf(401, 403, 404, 422)
  async add(
    @IdParam() id: string,
    @Body(new BodyPipe(CreateTimelineEntryBody)) body: CreateTimelineEntryBody,
  ) {
    return this.timeline.append(await this.incidents.find(id), body);
  }
}
