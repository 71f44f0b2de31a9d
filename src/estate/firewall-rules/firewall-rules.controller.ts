import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { ApiController } from '../../core/http/api-controller.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { IdPipe } from '../../core/http/pipes/id.pipe.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { FirewallRule } from './firewall-rule.entity.js';
import { FirewallAnalysis, OrderedFirewallRules, ReorderFirewallRulesBody } from './firewall-rules.bodies.js';
import { FirewallRulesService } from './firewall-rules.service.js';

@ApiController('firewall-rules')
export class FirewallRulesController extends ResourceController(FirewallRule) {
  constructor(readonly service: FirewallRulesService) {
    super();
  }

  @Post('reorder')
  @HttpCode(200)
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'reorderFirewallRules',
    summary: 'Reorders the firewall rules of a device',
    description:
      '409 when the ids are not those of all its rules. Rules that keep their number keep their version.',
  })
  @ApiBody({ type: ReorderFirewallRulesBody })
  @ApiResponse({ status: 200, description: 'The rules', type: OrderedFirewallRules })
  @ErrorsOf(404, 409)
  async reorder(@Body(new BodyPipe(ReorderFirewallRulesBody)) body: ReorderFirewallRulesBody) {
    return { items: await this.service.reorder(body.infrastructure_id, body.ids) };
  }

  @Get('analysis')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'analyseFirewallRules',
    summary: 'Finds rules of a device that have no effect or allow everything',
    description: 'Disabled rules are left out.',
  })
  @ApiQuery({ name: 'infrastructure_id', required: true, schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({ status: 200, description: 'What is wrong with them', type: FirewallAnalysis })
  @ErrorsOf(404)
  analysis(@Query('infrastructure_id', new IdPipe('infrastructure_id')) infrastructure_id: string) {
    return this.service.analysis(infrastructure_id);
  }
}
