import { Delete, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { ApiController } from '../../core/http/api-controller.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Tag, TAGGED } from './tag.entity.js';
import { TagsService } from './tags.service.js';

const ASSIGNMENT = ':id/assignments/:resource/:resource_id';

const ResourceParam = () =>
  ApiParam({
    name: 'resource',
    description: `The path of a resource whose rows have tags, and whose lists filter by \`tags\`: ${TAGGED.join(', ')}`,
    schema: { type: 'string', example: 'projects' },
  });

@ApiController('tags')
export class TagsController extends ResourceController(Tag) {
  constructor(readonly service: TagsService) {
    super();
  }

  @Put(ASSIGNMENT)
  @HttpCode(204)
  @RequireScope('msp:write')
  @ApiOperation({ operationId: 'assignTag', summary: 'Adds a tag to a row, such as a project' })
  @ResourceParam()
  @ApiResponse({ status: 204, description: 'The row has the tag' })
  @ErrorsOf(401, 403, 404, 422)
  async assign(
    @IdParam() id: string,
    @Param('resource') resource: string,
    @IdParam('resource_id') row: string,
  ): Promise<void> {
    await this.service.assign(id, resource, row);
  }

  @Delete(ASSIGNMENT)
  @HttpCode(204)
  @RequireScope('msp:write')
  @ApiOperation({ operationId: 'unassignTag', summary: 'Removes a tag from a row' })
  @ResourceParam()
  @ApiResponse({ status: 204, description: 'The row does not have the tag' })
  @ErrorsOf(401, 403, 404, 422)
  async unassign(
    @IdParam() id: string,
    @Param('resource') resource: string,
    @IdParam('resource_id') row: string,
  ): Promise<void> {
    await this.service.unassign(id, resource, row);
  }
}
