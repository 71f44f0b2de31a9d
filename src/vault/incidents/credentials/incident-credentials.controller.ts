import { Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../../core/http/access.decorators.js';
import { ErrorsOf } from '../../../core/http/errors/error-answer.js';
import { pageOf } from '../../../core/resource/describe/answers.js';
import { ApiController } from '../../../core/http/api-controller.js';
import { bodiesOf } from '../../../core/resource/bodies/bodies.js';
import { DescribeListBy } from '../../../core/resource/describe/describe-list.js';
import { IdParam } from '../../../core/http/pipes/id.pipe.js';
import type { RawQuery } from '../../../core/resource/lists/query-parts.js';
import { AFFECTED, AffectedCredentialsService } from './affected-credentials.service.js';
import { IncidentCredentialsService } from './incident-credentials.service.js';
import { IncidentsService } from '../incidents.service.js';

const { view } = bodiesOf(AFFECTED);
const INCIDENT_ID = { name: 'id', schema: { type: 'string', format: 'uuid' } } as const;
const CREDENTIAL_ID = { name: 'credential_id', schema: { type: 'string', format: 'uuid' } } as const;

@ApiTags('security incidents')
@ApiController('security-incidents/:id')
export class IncidentCredentialsController {
  constructor(
    private readonly incidents: IncidentsService,
    private readonly affected: AffectedCredentialsService,
    private readonly rotations: IncidentCredentialsService,
  ) {}

  @Get('credentials')
  @RequireScope('msp:read')
  @DescribeListBy(AFFECTED, 'incident')
  @ErrorsOf(404)
  async list(@IdParam() id: string, @Query() query: RawQuery) {
    return this.affected.list(await this.incidents.find(id), query);
  }

  @Put('credentials/:credential_id')
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'addIncidentCredential',
    summary: 'Marks a credential as affected by a security incident',
    description: 'Marking it again changes nothing.',
  })
  @ApiParam(INCIDENT_ID)
  @ApiParam(CREDENTIAL_ID)
  @ApiResponse({ status: 200, description: 'The affected credential', type: view })
  @ErrorsOf(401, 403, 404, 422)
  async link(@IdParam() id: string, @IdParam('credential_id') credential_id: string) {
    return this.affected.link(await this.incidents.find(id), credential_id);
  }

  @Delete('credentials/:credential_id')
  @HttpCode(204)
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'removeIncidentCredential',
    summary: 'Removes a credential from those that a security incident affects',
  })
  @ApiParam(INCIDENT_ID)
  @ApiParam(CREDENTIAL_ID)
  @ApiResponse({ status: 204, description: 'Taken back' })
  @ErrorsOf(401, 403, 404, 422)
  async unlink(@IdParam() id: string, @IdParam('credential_id') credential_id: string) {
    await this.affected.unlink(await this.incidents.find(id), credential_id);
  }

  @Post('rotate-affected')
  @HttpCode(200)
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'rotateAffectedCredentials',
    summary: 'Marks all affected credentials for rotation',
    description:
      'They need rotation until they are rotated. The answer holds a page of those that the caller may see.',
  })
  @ApiParam(INCIDENT_ID)
  @ApiResponse({ status: 200, description: 'The affected credentials', type: pageOf(view) })
  @ErrorsOf(401, 403, 404, 422)
  async rotateAffected(@IdParam() id: string) {
    const incident = await this.incidents.find(id);
    await this.rotations.markAll(incident);
    return this.affected.list(incident, { limit: '1000' });
  }
}
