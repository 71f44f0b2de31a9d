import { Body, Get, Header, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { OtpHeader } from '../../core/http/policy-headers.js';
import { PagingQueries } from '../../core/resource/describe/describe-list.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import {
  ReplayAnswer,
  RotatedSecret,
  WebhookDeliveryAnswer,
  WebhookDeliveryPage,
} from './webhook.answers.js';
import { ReplayBody, RotateSecretBody } from './webhook.bodies.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { DELIVERY_STATUSES } from './webhook-delivery.entity.js';
import { Webhook } from './webhook.entity.js';
import { WebhooksService } from './webhooks.service.js';

const OVERLAP_HOURS = 24;

@ApiController('webhooks')
export class WebhooksController extends ResourceController(Webhook) {
  constructor(
    readonly service: WebhooksService,
    private readonly deliveries: WebhookDeliveriesService,
  ) {
    super();
  }

  @Get(':id/deliveries')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'listWebhookDeliveries',
    summary: 'Lists what a webhook has sent and has to send, newest first',
    description: 'Those that have ended are kept for 30 days.',
  })
  @PagingQueries()
  @ApiQuery({
    name: 'status',
    required: false,
    style: 'form',
    explode: true,
    schema: { type: 'array', items: { type: 'string', enum: [...DELIVERY_STATUSES] } },
  } as never)
  @ApiResponse({ status: 200, description: 'A page', type: WebhookDeliveryPage })
  @ErrorsOf(401, 403, 404, 422)
  listDeliveries(@IdParam() id: string, @Query() query: RawQuery) {
    return this.deliveries.list(id, query);
  }

  @Post(':id/test')
  @HttpCode(202)
  @RequireScope('msp:admin')
  @ApiOperation({
    operationId: 'testWebhook',
    summary: 'Sends a delivery that tells of no row, to try the receiver',
    description:
      'It is sent once, also while the webhook is off; its deliveries tell what came of it a second later.',
  })
  @ApiResponse({ status: 202, description: 'The delivery', type: WebhookDeliveryAnswer })
  @ErrorsOf(401, 403, 404, 422)
  test(@IdParam() id: string) {
    return this.deliveries.test(id);
  }

  @Post(':id/replay')
  @HttpCode(200)
  @RequireScope('msp:admin')
  @ApiOperation({
    operationId: 'replayWebhook',
    summary: 'Sends what happened between two places of the trail again',
    description:
      'Inclusive; as far as the webhook wants it now, and its user may see it now. What was delivered, or given up, is ' +
      'sent again under its id of before.',
  })
  @ApiBody({ type: ReplayBody })
  @ApiResponse({ status: 200, description: 'How many', type: ReplayAnswer })
  @ErrorsOf(401, 403, 404, 409, 422)
  replay(@IdParam() id: string, @Body(new BodyPipe(ReplayBody)) body: ReplayBody) {
    return this.deliveries.replay(id, body);
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope('msp:admin')
  @ApiOperation({
    operationId: 'rotateWebhookSecret',
    summary: 'Gives a webhook another secret, beside which the one before signs for a time',
    description:
      'By the user who made it. Without `secret` one is made, and the answer holds it, this once; a repetition by ' +
      'Idempotency-Key does not. A third secret ends the first at once.',
  })
  @OtpHeader('A fresh one-time code, of who has a second factor')
  @ApiBody({ type: RotateSecretBody, required: false })
  @ApiResponse({
    status: 200,
    description: 'The new secret, and how long the one before signs',
    type: RotatedSecret,
  })
  @ErrorsOf(401, 403, 404, 422)
  rotateSecret(
    @IdParam() id: string,
    @Body(new BodyPipe(RotateSecretBody, 'refused', true)) { secret, overlap_hours }: RotateSecretBody,
  ) {
    return this.service.rotateSecret(id, overlap_hours ?? OVERLAP_HOURS, secret);
  }
}
