import {
  applyDecorators,
  Body,
  Delete,
  Get,
  Headers,
  HttpCode,
  Patch,
  Post,
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TakesQuery } from '../http/known-query.guard.js';
import { RequireScope } from '../http/access.decorators.js';
import { Compressed } from '../http/compression.js';
import { bodiesOf } from './bodies/bodies.js';
import { BodyPipe } from '../http/pipes/body.pipe.js';
import { bulkBodyOf, type BulkBody } from './bodies/bulk-body.js';
import {
  DescribeBulk,
  DescribeCreate,
  DescribeGet,
  DescribeRemove,
  DescribeResource,
  DescribeUpdate,
} from './describe/describe.js';
import { DescribeList } from './describe/describe-list.js';
import { DescribeExport } from './describe/describe-export.js';
import { exportFile, exportFormat, exportRequest } from './export/export.js';
import type { Type } from '../table/field-spec.js';
import { IdParam } from '../http/pipes/id.pipe.js';
import { etag, namesVersion } from './if-match.js';
import type { RawQuery } from './lists/query-parts.js';
import { beginWithdrawal, tellRotations } from './withdrawals.js';
import { listByParent } from './list-by-parent.js';
import type { AbstractResourceService, Body as Values } from './resource.service.js';
import { ResourceEntity, resourceOf, type Route, ROUTES } from './resource.js';

export type AnyService = AbstractResourceService<ResourceEntity>;

/** What the factory makes: a controller that needs the service of its resource, and of no other. */
export abstract class UniformController<T extends ResourceEntity> {
  abstract readonly service: AbstractResourceService<T>;
}

/**
 * The uniform routes of a resource, with the validation, the document and the operation ids of hand-written
 * ones. Bodies are validated by classes that are named here, not by reflected types, which get lost.
 *
 * `class SitesController extends ResourceController(Site) { constructor(readonly service: SitesService) { super(); } }`
 */
export function ResourceController<T extends ResourceEntity>(
  type: Type<T>,
): abstract new () => UniformController<T> {
  const spec = resourceOf(type);
  const bodies = bodiesOf(spec);
  const write = spec.writeScope ?? 'msp:write';
  const remove = spec.removeScope ?? 'msp:admin';
  // A representation with derived fields can change while the row, and so the ETag, does not.
  const plain = !spec.taggable && !spec.derived && !spec.secrets;

  const takes = TakesQuery(...(spec.secrets ? ['reveal'] : []));
  const withdrawing = (name: Route) => (spec.withdraws?.includes(name) ? ['rotate'] : []);
  const takesOnRemoval = TakesQuery(
    ...(spec.removeQuery ? [spec.removeQuery.name] : []),
    ...withdrawing('remove'),
  );
  const takesOnUpdate = TakesQuery(...withdrawing('update'));
  const takesOnCreation = TakesQuery(...withdrawing('create'));

  /** A list without secrets in it. */
  const squeezed = spec.secrets ? [] : [Compressed()];

  /** A route that the resource has; one that it does not have is a method that nothing calls. */
  const route = (name: Route, ...decorators: MethodDecorator[]): MethodDecorator =>
    applyDecorators(...((spec.routes ?? ROUTES).includes(name) ? decorators : []));

  @DescribeResource(spec)
  abstract class Made extends UniformController<T> {
    @route('list', Get(), RequireScope('msp:read'), DescribeList(spec), ...squeezed)
    async list(@Query() query: RawQuery, @Req() request: FastifyRequest) {
      const format = exportFormat(request.headers.accept);
      if (!format) return this.service.list(query);
      return exportFile(this.service, { format, bom: false, query }, request.method);
    }

    @route('list', Get('export'), RequireScope('msp:read'), DescribeExport(spec), ...squeezed)
    async exportRows(@Query() query: RawQuery, @Req() request: FastifyRequest) {
      return exportFile(this.service, exportRequest(query), request.method);
    }

    @route('create', Post(), RequireScope(write), takesOnCreation, DescribeCreate(spec))
    async create(
      @Body(new BodyPipe(bodies.create)) body: object,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ) {
      beginWithdrawal(spec, 'create', request.query);
      const row = await this.service.create(body as Values);
      etag(reply, row);
      tellRotations(reply);
      if (spec.virtual.some(one => one.afterWriting)) reply.header('cache-control', 'no-store');
      reply.header('location', `/api/${spec.path}/${row.id}`);
      return row;
    }

    @route('bulk', Post('bulk'), HttpCode(200), RequireScope(write), DescribeBulk(spec))
    async bulk(@Body(new BodyPipe(bulkBodyOf(spec))) body: BulkBody) {
      return { results: await this.service.bulk(body.items, body.atomic ?? false, bodies.create) };
    }

    @route('get', Get(':id'), RequireScope('msp:read'), takes, DescribeGet(spec, plain))
    async get(
      @IdParam() id: string,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ) {
      const row = await this.service.get(id, { query: request.query as RawQuery, headers: request.headers });
      etag(reply, row);
      if (spec.secrets) reply.header('cache-control', 'no-store');
      const known = request.headers['if-none-match'];
      if (known === undefined || !plain || !namesVersion(known, row.version)) return row;
      reply.status(304);
      return undefined;
    }

    @route('update', Put(':id'), RequireScope(write), takesOnUpdate, DescribeUpdate(spec, 'put'))
    async put(
      @IdParam() id: string,
      @Body(new BodyPipe(bodies.update)) body: object,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
      @Headers('if-match') ifMatch?: string,
    ) {
      return this.update(id, body, request, reply, ifMatch);
    }

    @route('update', Patch(':id'), RequireScope(write), takesOnUpdate, DescribeUpdate(spec, 'update'))
    async update(
      @IdParam() id: string,
      @Body(new BodyPipe(bodies.update)) body: object,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
      @Headers('if-match') ifMatch?: string,
    ) {
      beginWithdrawal(spec, 'update', request.query);
      const row = await this.service.update(id, body as Values, ifMatch);
      etag(reply, row);
      tellRotations(reply);
      return row;
    }

    @route('remove', Delete(':id'), HttpCode(204), RequireScope(remove), takesOnRemoval, DescribeRemove(spec))
    async remove(
      @IdParam() id: string,
      @Query() query: RawQuery,
      @Res({ passthrough: true }) reply: FastifyReply,
      @Headers('if-match') ifMatch?: string,
    ) {
      beginWithdrawal(spec, 'remove', query);
      await this.service.remove(id, ifMatch, query);
      tellRotations(reply);
    }
  }

  if ((spec.routes ?? ROUTES).includes('list'))
    for (const field of spec.fields.filter(one => one.listBy || one.name === 'client_id'))
      listByParent(Made.prototype, spec, field);
  return Made;
}
