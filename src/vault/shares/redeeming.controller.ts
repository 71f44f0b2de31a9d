import { Body, Header, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { RedeemBody, RedeemedShare } from './share.bodies.js';
import { Redeeming } from './redeeming.service.js';

@ApiTags('credentials')
@ApiController('shares')
export class RedeemingController {
  constructor(private readonly redeeming: Redeeming) {}

  @Post('redeem')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Public()
  @OwnUnits()
  @ApiOperation({
    operationId: 'redeemShare',
    summary: 'Uses one view of a link up and returns its secrets, sealed',
    description:
      'The page `/share` does this and opens them in the browser: the key in the link never comes here. 404 for what is ' +
      'over, used up, revoked or unknown; 403 where the passphrase is missing or wrong.',
  })
  @ApiBody({ type: RedeemBody })
  @ApiResponse({ status: 200, description: 'What the key of the link opens', type: RedeemedShare })
  @ErrorsOf(403, 404, 422, 429)
  redeem(@Body(new BodyPipe(RedeemBody)) body: RedeemBody) {
    return this.redeeming.redeem(body);
  }
}
