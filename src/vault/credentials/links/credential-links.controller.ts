import { Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../../core/http/access.decorators.js';
import { ApiController } from '../../../core/http/api-controller.js';
import { ErrorsOf } from '../../../core/http/errors/error-answer.js';
import { IdParam } from '../../../core/http/pipes/id.pipe.js';
import { LinkedAssets } from './credential-links.answers.js';
import { CredentialLinksService } from './credential-links.service.js';
import { LINK_TARGETS } from './link-targets.js';

const LINK = ':id/links/:resource/:resource_id';
const idParam = (name: string) => ApiParam({ name, schema: { type: 'string', format: 'uuid' } });
const ResourceParam = () =>
  ApiParam({
    name: 'resource',
    schema: { type: 'string', enum: LINK_TARGETS.map(one => one.path), example: 'infrastructure' },
  });

@ApiTags('credentials')
@ApiController('credentials')
export class CredentialLinksController {
  constructor(private readonly links: CredentialLinksService) {}

  @Get(':id/links')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'listCredentialLinks',
    summary: 'Lists what a credential is linked with',
    description:
      'Beside its own `service_id`, `infrastructure_id` and `site_id`, and as far as the caller sees it. ' +
      'The filter `linked_to` of the lists of credentials finds both.',
  })
  @idParam('id')
  @ApiResponse({ status: 200, description: 'The links', type: LinkedAssets })
  @ErrorsOf(404)
  async list(@IdParam() id: string) {
    return { items: await this.links.of(id) };
  }

  @Put(LINK)
  @HttpCode(204)
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'linkCredential',
    summary: 'Links a credential with a further asset',
    description:
      'By those who manage the credential. Both belong to the same client, where both belong to one: neither moves ' +
      'to another client while they are linked. The link goes with either. Linking again changes nothing.',
  })
  @idParam('id')
  @ResourceParam()
  @idParam('resource_id')
  @ApiResponse({ status: 204, description: 'They are linked' })
  @ErrorsOf(401, 403, 404, 409, 422)
  async link(
    @IdParam() id: string,
    @Param('resource') resource: string,
    @IdParam('resource_id') row: string,
  ): Promise<void> {
    await this.links.link(id, resource, row);
  }

  @Delete(LINK)
  @HttpCode(204)
  @RequireScope('msp:write')
  @ApiOperation({ operationId: 'unlinkCredential', summary: 'Removes a link of a credential' })
  @idParam('id')
  @ResourceParam()
  @idParam('resource_id')
  @ApiResponse({ status: 204, description: 'They are not linked' })
  @ErrorsOf(401, 403, 404, 422)
  async unlink(
    @IdParam() id: string,
    @Param('resource') resource: string,
    @IdParam('resource_id') row: string,
  ): Promise<void> {
    await this.links.unlink(id, resource, row);
  }
}
