import { setTimeout as sleep } from 'node:timers/promises';
import { applyDecorators, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { DescribedTag } from '../../core/http/tags.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { PagingQueries } from '../../core/resource/describe/describe-list.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { askedImport } from './asked-import.js';
import { ImportJobAnswer, ImportJobPage, shown } from './import-job.answers.js';
import { ON_CONFLICT, STATES } from './import-job.entity.js';
import { formatOf, ImportUploads, MEDIA_TYPES } from './import-uploads.service.js';
import { ImportViews } from './import-views.service.js';
import { ImportWorker } from './import-worker.service.js';

const WAIT_MS = 2_000; // for the end of a small file

const oneOf = (name: string, schema: object, description: string) =>
  ApiQuery({ name, required: false, description, schema } as never);

const DescribeImport = applyDecorators(
  ApiOperation({
    operationId: 'importRows',
    summary: 'Brings in a file of rows, as CSV or NDJSON',
    description:
      'At most 64 MiB and 1,000,000 rows, as an export writes them: a line of names in CSV, separated by commas, semicolons ' +
      'or tabs. Every row is tried before the first is written: when one is not valid, the job fails, says which rows ' +
      'are not, and none is written. It asks for `msp:admin`, and for what creating the rows asks for. Empty cells are ' +
      'absent: an update leaves what they stand for, and a new row has its default. Whoever asked is asked for again ' +
      'before each part: without the rights, the job ends.',
  }),
  ApiParam({
    name: 'resource',
    description: 'The path of a resource',
    schema: { type: 'string', example: 'sites' },
  }),
  oneOf('dry_run', { type: 'boolean', default: false }, 'Tries every row, and writes none'),
  oneOf(
    'on_conflict',
    { type: 'string', enum: [...ON_CONFLICT], default: 'error' },
    'What becomes of rows that are there already, by the id that the file gives or else by `match_key`: they are ' +
      'faults, stay as they are, or are given what the file has',
  ),
  oneOf(
    'match_key',
    { type: 'string', example: 'client_id,name' },
    'Fields that no two rows have alike, with commas between; the first such of the resource when absent. `id` takes ' +
      'ids alone: rows without one are new',
  ),
  ApiConsumes(...MEDIA_TYPES),
  ApiBody({ schema: { type: 'string', format: 'binary' } }),
);

@DescribedTag('bulk-import', 'Files of rows that are brought in, and how far they are.')
@ApiController('bulk-import')
export class BulkImportController {
  constructor(
    private readonly uploads: ImportUploads,
    private readonly jobs: ImportViews,
    private readonly worker: ImportWorker,
  ) {}

  @Post(':resource')
  @HttpCode(202)
  @OwnUnits()
  @RequireScope('msp:admin')
  @DescribeImport
  @ApiResponse({ status: 200, description: 'The job, which has ended', type: ImportJobAnswer })
  @ApiResponse({
    status: 202,
    description: 'The job, which goes on: ask for it again',
    type: ImportJobAnswer,
  })
  @ErrorsOf(401, 403, 404, 409, 413, 415, 422)
  async importRows(
    @Param('resource') resource: string,
    @Query() query: RawQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ImportJobAnswer> {
    const asked = { ...askedImport(query), format: formatOf(request.headers['content-type']) };
    const { id } = await this.uploads.receive(resource, asked, request.raw);
    reply.header('location', `/api/bulk-import/jobs/${id}`);
    await Promise.race([this.worker.begin(id), sleep(WAIT_MS, undefined, { ref: false })]);
    const job = await this.jobs.get(id);
    if (job.finished_at !== null) reply.status(200);
    return shown(job);
  }

  @Get('jobs')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'listImportJobs',
    summary: 'Lists files that are or were brought in, newest first',
    description:
      'One’s own, or all for administrators who see every client; for an access token, of the resources that it is for, ' +
      'and where clients are hidden from it, those that it has begun. They are kept for 30 days.',
  })
  @PagingQueries()
  @ApiQuery({
    name: 'state',
    required: false,
    style: 'form',
    explode: true,
    schema: { type: 'array', items: { type: 'string', enum: [...STATES] } },
  } as never)
  @ApiQuery({
    name: 'resource',
    required: false,
    style: 'form',
    explode: true,
    schema: { type: 'array', items: { type: 'string' } },
  } as never)
  @ApiResponse({ status: 200, description: 'A page', type: ImportJobPage })
  @ErrorsOf(401, 403, 422)
  async listJobs(@Query() query: RawQuery): Promise<ImportJobPage> {
    const page = await this.jobs.list(query);
    return { ...page, items: page.items.map(shown) };
  }

  @Get('jobs/:id')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'getImportJob',
    summary: 'Returns how far a file is, and what is wrong with it',
  })
  @ApiResponse({ status: 200, description: 'The job', type: ImportJobAnswer })
  @ErrorsOf(401, 403, 404, 422)
  async getJob(@IdParam() id: string): Promise<ImportJobAnswer> {
    return shown(await this.jobs.get(id));
  }

  @Post('jobs/:id/cancel')
  @HttpCode(200)
  @RequireScope('msp:admin')
  @ApiOperation({
    operationId: 'cancelImportJob',
    summary: 'Ends an import',
    description: 'Rows that were written before stay; the job says how many.',
  })
  @ApiResponse({ status: 200, description: 'The job', type: ImportJobAnswer })
  @ErrorsOf(401, 403, 404, 409, 422)
  async cancel(@IdParam() id: string): Promise<ImportJobAnswer> {
    return shown(await this.jobs.cancel(id));
  }
}
