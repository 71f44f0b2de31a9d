import { applyDecorators, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, type ApiQueryOptions, ApiResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { OUTCOMES } from '../../core/audit/journal-entry.entity.js';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { Compressed } from '../../core/http/compression.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { sharedAs } from '../../core/http/shared-as.js';
import { DescribedTag } from '../../core/http/tags.js';
import { ExportAnswer } from '../../core/resource/describe/describe-export.js';
import { PagingQueries } from '../../core/resource/describe/describe-list.js';
import { exportFile, exportRequest } from '../../core/resource/export/export.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { TIME_OPERATORS } from '../../core/resource/logs/log-query.js';
import { ApiAuditLogEntry, ApiAuditLogPage } from './api-audit-log.answers.js';
import { ApiAuditLogService } from './api-audit-log.service.js';

const query = (name: string, schema: object, more: object = {}) =>
  ApiQuery({ name, required: false, schema, ...more, ...sharedAs(`log.${name}`) } as ApiQueryOptions);
const filter = (name: string, items: object) =>
  query(name, { type: 'array', items }, { style: 'form', explode: true, description: 'Equal to' });

const Filters = () =>
  applyDecorators(
    ...['actor_id', 'resource_type', 'resource_id', 'action', 'ip', 'request_id'].map(name =>
      filter(name, { type: 'string' }),
    ),
    ...['token_id', 'client_id'].map(name => filter(name, { type: 'string', format: 'uuid' })),
    filter('outcome', { type: 'string', enum: [...OUTCOMES] }),
    ...TIME_OPERATORS.map(one => query(`at__${one}`, { type: 'string', format: 'date-time' })),
  );

/** Everything that happened. There is no way to write, change or delete an entry. */
@DescribedTag('api audit log', 'Everything that was done or refused, and by whom; nobody changes an entry.')
@ApiController('api-audit-log')
export class ApiAuditLogController {
  constructor(private readonly service: ApiAuditLogService) {}

  @Get()
  @Compressed()
  @RequireScope('msp:admin')
  @ApiOperation({ operationId: 'listApiAuditLog', summary: 'Lists the audit log, newest first' })
  @PagingQueries()
  @Filters()
  @ApiResponse({ status: 200, description: 'A page', type: ApiAuditLogPage })
  @ErrorsOf(401, 403, 422)
  list(@Query() query: RawQuery) {
    return this.service.list(query);
  }

  @Get('export')
  @Compressed()
  @RequireScope('msp:admin')
  @ApiOperation({ operationId: 'exportApiAuditLog', summary: 'Exports the audit log to a file' })
  @ExportAnswer('api-audit-log')
  @Filters()
  @ErrorsOf(401, 403, 422)
  exportEntries(@Query() query: RawQuery, @Req() request: FastifyRequest) {
    return exportFile(this.service, exportRequest(query), request.method);
  }

  @Get(':id')
  @RequireScope('msp:admin')
  @ApiOperation({ operationId: 'getApiAuditLogEntry', summary: 'Returns an entry of the audit log' })
  @ApiResponse({ status: 200, description: 'The entry', type: ApiAuditLogEntry })
  @ErrorsOf(401, 403, 404, 422)
  get(@IdParam() id: string) {
    return this.service.get(id);
  }
}
