import { applyDecorators, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { OUTCOMES } from '../../core/audit/journal-entry.entity.js';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { DescribedTag } from '../../core/http/tags.js';
import { ApiController } from '../../core/http/api-controller.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { CredentialAuditLog, CredentialAuditLogPage, LOG_ACTIONS } from './credential-audit-log.js';
import { CredentialAuditLogsService } from './credential-audit-logs.service.js';
import { parseCredentialLogQuery } from './log-query.js';

const text = (name: string, schema: object) => ApiQuery({ name, required: false, schema: schema as never });

function DescribeLogs(operationId: string, summary: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId, summary }),
    text('skip', { type: 'integer', minimum: 0, default: 0 }),
    text('limit', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
    text('cursor', { type: 'string' }),
    text('count', { type: 'string', enum: ['exact'] }),
    text('action', { type: 'string', enum: [...LOG_ACTIONS] }),
    text('outcome', { type: 'string', enum: [...OUTCOMES] }),
    text('user_id', { type: 'string', format: 'uuid' }),
    text('credential_id', { type: 'string', format: 'uuid' }),
    ...['gt', 'gte', 'lt', 'lte'].map(one =>
      text(`timestamp__${one}`, { type: 'string', format: 'date-time' }),
    ),
    ApiResponse({ status: 200, description: 'Newest first', type: CredentialAuditLogPage }),
    ErrorsOf(401, 403, 422),
  );
}

/** Who did what with which credential. There is no way to write, change or delete an entry. */
@DescribedTag(
  'credential audit logs',
  'Who did what with which credential; nobody can write or change an entry.',
)
@ApiController('credential-audit-logs')
export class CredentialAuditLogsController {
  constructor(private readonly service: CredentialAuditLogsService) {}

  @Get()
  @RequireScope('msp:read')
  @DescribeLogs('listCredentialAuditLogs', 'Lists the credential audit log')
  list(@Query() query: RawQuery) {
    return this.service.list(parseCredentialLogQuery(query));
  }

  @Get('by-credential/:id')
  @RequireScope('msp:read')
  @DescribeLogs('listCredentialAuditLogsByCredential', 'Lists the credential audit log by credential')
  byCredential(@IdParam() id: string, @Query() query: RawQuery) {
    return this.service.list(parseCredentialLogQuery({ ...query, credential_id: id }));
  }

  @Get('by-user/:id')
  @RequireScope('msp:read')
  @DescribeLogs('listCredentialAuditLogsByUser', 'Lists the credential audit log by user')
  byUser(@IdParam() id: string, @Query() query: RawQuery) {
    return this.service.list(parseCredentialLogQuery({ ...query, user_id: id }));
  }

  @Get(':id')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'getCredentialAuditLog',
    summary: 'Returns an entry of the credential audit log',
  })
  @ApiResponse({ status: 200, description: 'The entry', type: CredentialAuditLog })
  @ErrorsOf(401, 403, 404, 422)
  get(@IdParam() id: string) {
    return this.service.get(id);
  }
}
