import { Body, Delete, Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { OtpHeader } from '../../core/http/policy-headers.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { MadeShare, ShareAnswers, ShareBody } from './share.bodies.js';
import { SharesService } from './shares.service.js';

@ApiTags('credentials')
@ApiController('credentials')
export class SharesController {
  constructor(private readonly shares: SharesService) {}

  @Post(':id/share')
  @HttpCode(201)
  @Header('cache-control', 'no-store')
  @RequireScope('msp:write')
  @OwnUnits()
  @ApiOperation({
    operationId: 'shareCredential',
    summary: 'Makes a link that opens secrets of a credential without a login',
    description:
      'A reveal, with the same right (and `msp:read`), policy and entry, of a login; where the policy is `approval` there ' +
      'are no links. The link holds the key, which is stored nowhere; its secrets are those of this moment. It ends by its ' +
      'time, its views, five wrong passphrases, a rotation (unless `ends_with_rotation` is false), a move, a stricter ' +
      'policy, when credential or client are archived, and when who made it may not reveal them any more.',
  })
  @ApiBody({ type: ShareBody })
  @OtpHeader()
  @ApiResponse({ status: 201, description: 'The link', type: MadeShare })
  @ErrorsOf(401, 403, 404, 409, 422)
  make(@IdParam() id: string, @Body(new BodyPipe(ShareBody)) body: ShareBody) {
    return this.shares.make(id, body);
  }

  @Get(':id/shares')
  @Header('cache-control', 'no-store')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'listCredentialShares',
    summary: 'Lists the links of a credential',
    description: 'The newest 200: all for who manages it, for others their own. Nothing here opens anything.',
  })
  @ApiResponse({ status: 200, description: 'Newest first', type: ShareAnswers })
  @ErrorsOf(401, 403, 404)
  async list(@IdParam() id: string) {
    return { items: await this.shares.list(id) };
  }

  @Delete(':id/shares/:share_id')
  @HttpCode(204)
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'revokeCredentialShare',
    summary: 'Revokes a link',
    description:
      'By who made it, or manages the credential; by an access token only of what it names. Its secrets are gone at once.',
  })
  @ApiResponse({ status: 204, description: 'It opens nothing any more' })
  @ErrorsOf(401, 403, 404)
  async revoke(@IdParam() id: string, @IdParam('share_id') share_id: string): Promise<void> {
    await this.shares.revoke(id, share_id);
  }
}
