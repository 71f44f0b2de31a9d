import { applyDecorators, Body, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { filterQueries } from '../../core/resource/describe/describe-list.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { etag } from '../../core/resource/if-match.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { Approvals, type Step } from './approvals.service.js';
import { BillableTime } from './billable-time.entity.js';
import {
  BilledTime,
  CreditBody,
  MarkBilledBody,
  MoveTimesBody,
  RepriceBody,
  RepricedTime,
} from './billable-time.bodies.js';
import { Repricing } from './repricing.service.js';
import { ManyApprovals } from './many-approvals.service.js';
import { Credits } from './credits.service.js';
import { Action, ActionOnMany, day } from './billable-time.describe.js';
import { BillableTimeService } from './billable-time.service.js';
import { BillableTimeSummary } from './summary.answers.js';
import { Summaries } from './summaries.service.js';
import { GROUPINGS } from './summary.js';

const spec = resourceOf(BillableTime);

@ApiController('billable-time')
export class BillableTimeController extends ResourceController(BillableTime) {
  constructor(
    readonly service: BillableTimeService,
    private readonly approvals: Approvals,
    private readonly manyApprovals: ManyApprovals,
    private readonly repricing: Repricing,
    private readonly credits: Credits,
    private readonly summaries: Summaries,
  ) {
    super();
  }

  @Get('summary')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'summarizeBillableTime',
    summary: 'Adds up billable time',
    description:
      'Exact; amounts are added for each currency by itself. 422 where it makes more than 10,000 groups.',
  })
  @ApiQuery({
    name: 'group_by',
    required: false,
    schema: { type: 'string', enum: [...GROUPINGS], default: 'client' },
  })
  @day('from', 'The first work_date')
  @day('to', 'The last work_date')
  @(applyDecorators(...filterQueries(spec).map(one => ApiQuery(one))) as MethodDecorator)
  @ApiResponse({ status: 200, description: 'The sums', type: BillableTimeSummary })
  summary(@Query() query: RawQuery) {
    return this.summaries.summary(query);
  }

  @Post('mark-billed')
  @HttpCode(200)
  @RequireScope('msp:admin')
  @ApiOperation({
    operationId: 'markTimeBilled',
    summary: 'Marks approved time as billed',
    description:
      'All of the entries or none; 409 names in `details.ids` those that are not approved, and ' +
      'in `details.billed` the invoices of those that are billed already. An invoice, and a credit ' +
      'note, is of one client and one currency (409).',
  })
  @ApiBody({ type: MarkBilledBody })
  @ApiResponse({ status: 200, description: 'The entries', type: BilledTime })
  @ErrorsOf(409)
  async markBilled(@Body(new BodyPipe(MarkBilledBody)) { ids, invoice_ref }: MarkBilledBody) {
    return { items: await this.approvals.markBilled(ids, invoice_ref) };
  }

  @Post('submit')
  @RequireScope('msp:write')
  @ActionOnMany('submitManyBillableTimes', 'Submits drafts')
  submitMany(@Body(new BodyPipe(MoveTimesBody)) body: MoveTimesBody) {
    return this.many(body, 'submit');
  }

  @Post('approve')
  @RequireScope('msp:admin')
  @ActionOnMany('approveManyBillableTimes', 'Approves submitted entries')
  approveMany(@Body(new BodyPipe(MoveTimesBody)) body: MoveTimesBody) {
    return this.many(body, 'approve');
  }

  @Post('reopen')
  @RequireScope('msp:write')
  @ActionOnMany('reopenManyBillableTimes', 'Makes submitted or approved entries drafts')
  reopenMany(@Body(new BodyPipe(MoveTimesBody)) body: MoveTimesBody) {
    return this.many(body, 'reopen');
  }

  @Post('reprice')
  @HttpCode(200)
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'repriceBillableTime',
    summary: 'Gives drafts the rates and rules that hold now',
    description:
      'For a client that got a rate, or another one: rate, currency, multiplier and rounding are found anew for the ' +
      'day of the work. A rate that was given on an entry stays (`hourly_rate: null` takes it away). All of at most ' +
      '1,000 entries or none; 409 names in `details.ids` those that are no drafts.',
  })
  @ApiBody({ type: RepriceBody })
  @ApiResponse({ status: 200, description: 'The entries', type: RepricedTime })
  @ErrorsOf(409)
  async reprice(@Body(new BodyPipe(RepriceBody)) body: RepriceBody) {
    return { items: await this.repricing.reprice(body) };
  }

  @Post(':id/submit')
  @RequireScope('msp:write')
  @Action(
    'submitBillableTime',
    'Submits a draft',
    'Its minutes and its amount stay as they are from here on.',
  )
  submit(@IdParam() id: string) {
    return this.approvals.move(id, 'submit');
  }

  @Post(':id/approve')
  @RequireScope('msp:admin')
  @Action(
    'approveBillableTime',
    'Approves submitted time',
    'Also of the own time. 409 for billable time without a rate.',
  )
  approve(@IdParam() id: string) {
    return this.approvals.move(id, 'approve');
  }

  @Post(':id/reopen')
  @RequireScope('msp:write')
  @Action(
    'reopenBillableTime',
    'Makes submitted or approved time a draft',
    'By its user or an administrator. 409 for what was billed.',
  )
  reopen(@IdParam() id: string) {
    return this.approvals.move(id, 'reopen');
  }

  @Post(':id/credit')
  @RequireScope('msp:admin')
  @ApiOperation({
    operationId: 'creditBillableTime',
    summary: 'Takes back what was billed',
    description:
      'The billed entry stays as it is. A new entry has its minutes and its amount below zero, refers to it by ' +
      '`credits_id`, and is approved: mark it as billed with the number of the credit note. 409 for what was not billed, ' +
      'came to nothing, or is credited already. A credit is not reopened; until it is billed it can be deleted.',
  })
  @ApiBody({ type: CreditBody })
  @ApiResponse({ status: 201, description: 'The credit', type: bodiesOf(spec).view })
  @ErrorsOf(404, 409)
  async credit(
    @IdParam() id: string,
    @Body(new BodyPipe(CreditBody)) body: CreditBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const entry = await this.credits.credit(id, body);
    etag(reply, entry);
    reply.header('location', `/api/billable-time/${entry.id}`);
    return entry;
  }

  private async many({ ids, atomic = false }: MoveTimesBody, step: Step) {
    return { results: await this.manyApprovals.move(ids, step, atomic) };
  }
}
