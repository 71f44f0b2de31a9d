import { applyDecorators, Body, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { OtpHeader } from '../../core/http/policy-headers.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { resourceOf } from '../../core/resource/resource.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { NoteBody, RefusalBody } from './approval.bodies.js';
import { ApprovalRequest } from './approval-request.entity.js';
import { ApprovalRequestsService } from './approval-requests.service.js';

const { view } = bodiesOf(resourceOf(ApprovalRequest));

const Step = (operationId: string, summary: string, description: string) =>
  applyDecorators(
    HttpCode(200),
    RequireScope('msp:write'),
    ApiOperation({ operationId, summary, description }),
    ApiResponse({ status: 200, description: 'The request', type: view }),
    ErrorsOf(403, 404, 409, 422),
  );
const CODE = 'A fresh one-time code, of who has a second factor';
const WHO =
  'By another one who manages the credential or client, or an administrator who sees it; never by who has asked, nor ' +
  'where one hand may be behind both accounts: that of who created them, or set their password or second factor, ' +
  'within 30 days. Not by access tokens.';

@ApiController('approval-requests')
export class ApprovalRequestsController extends ResourceController(ApprovalRequest) {
  constructor(readonly service: ApprovalRequestsService) {
    super();
  }

  @Post(':id/approve')
  @Step(
    'approveRequest',
    'Approves what is asked for',
    `${WHO} It holds while who approved could still do so.`,
  )
  @OtpHeader(CODE)
  @ApiBody({ type: NoteBody, required: false })
  approve(@IdParam() id: string, @Body(new BodyPipe(NoteBody, 'refused', true)) { note }: NoteBody) {
    return this.service.decide(id, 'approved', note);
  }

  @Post(':id/refuse')
  @Step('refuseRequest', 'Refuses what is asked for', WHO)
  @OtpHeader(CODE)
  @ApiBody({ type: RefusalBody })
  refuse(@IdParam() id: string, @Body(new BodyPipe(RefusalBody)) { note }: RefusalBody) {
    return this.service.decide(id, 'refused', note);
  }

  @Post(':id/revoke')
  @Step('revokeApproval', 'Takes an approval back', 'By who approved it, or could.')
  @OtpHeader(CODE)
  revoke(@IdParam() id: string) {
    return this.service.revoke(id);
  }

  @Post(':id/withdraw')
  @Step(
    'withdrawRequest',
    'Withdraws a request, or gives an approval up',
    'By who has asked; by an access token only what it has asked for itself.',
  )
  withdraw(@IdParam() id: string) {
    return this.service.withdraw(id);
  }
}
