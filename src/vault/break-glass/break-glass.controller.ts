import { Body, Header, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { ApiController } from '../../core/http/api-controller.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { OtpHeader } from '../../core/http/policy-headers.js';
import { BreakGlassAnswer, BreakGlassBody } from './break-glass.bodies.js';
import { BreakGlass } from './break-glass.service.js';

@ApiTags('credentials')
@ApiController('credentials')
export class BreakGlassController {
  constructor(private readonly glass: BreakGlass) {}

  @Post(':id/break-glass')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope('msp:admin')
  @OwnUnits()
  @ApiOperation({
    operationId: 'breakGlass',
    summary: 'Grants access to another user’s private credential, or past an approval, for 15 minutes',
    description:
      'With the present password or a fresh code. Where the policy is `approval`, no second person is asked meanwhile (a code ' +
      'that it asks for is). Opens a security incident, stands on the trail, and the owner is notified.',
  })
  @OtpHeader('A fresh code, instead of one in the body')
  @ApiBody({ type: BreakGlassBody })
  @ApiResponse({ status: 200, description: 'Until when, and the incident', type: BreakGlassAnswer })
  @ErrorsOf(401, 403, 404, 409, 422)
  open(@IdParam() id: string, @Body(new BodyPipe(BreakGlassBody)) body: BreakGlassBody) {
    return this.glass.open(id, body);
  }
}
