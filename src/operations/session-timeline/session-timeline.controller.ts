import { Get, Query } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOperation,
  ApiProperty,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { DescribePlaces, PlacesFrame } from '../../core/resource/describe/describe-places.js';
import { PlacesPipe, type PlacesQuery } from '../../core/resource/lists/places.pipe.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { resourceOf } from '../../core/resource/resource.js';
import {
  type SessionTimeline,
  SessionTimelineService,
  type TimelineEntry,
} from './session-timeline.service.js';
import { KINDS } from './timeline-kinds.js';

const VIEWS = KINDS.map(({ type }) => bodiesOf(resourceOf(type)).view);

class SessionTimelineEntry implements TimelineEntry {
  @ApiProperty({
    format: 'date-time',
    description: 'When it was done, as far as it says so; otherwise when it was entered',
  })
  at!: string;
  @ApiProperty({ enum: KINDS.map(({ type }) => resourceOf(type).name) }) kind!: string;
  @ApiProperty({ anyOf: VIEWS.map(view => ({ $ref: getSchemaPath(view) })) }) row!: object;
}

class SessionTimelinePage extends PlacesFrame implements SessionTimeline {
  @ApiProperty({ type: [SessionTimelineEntry], description: 'The oldest first' }) items!: TimelineEntry[];
}

@ApiTags('sessions')
@ApiController('sessions/:id')
export class SessionTimelineController {
  constructor(private readonly service: SessionTimelineService) {}

  @Get('timeline')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'getSessionTimeline',
    summary: 'Returns what was done in a session, in the order of time',
    description:
      'Work items, file changes, commands, changes to infrastructure and databases, deployments, tickets, billable time, and, as `session`, its end.',
  })
  @ApiExtraModels(...VIEWS)
  @DescribePlaces()
  @ApiResponse({ status: 200, description: 'A page of the timeline', type: SessionTimelinePage })
  @ErrorsOf(401, 403, 404, 422)
  timeline(@IdParam() id: string, @Query(new PlacesPipe()) { limit, query }: PlacesQuery) {
    return this.service.timeline(id, limit, query.cursor);
  }
}
