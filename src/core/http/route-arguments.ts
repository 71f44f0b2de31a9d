import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';

type Kind = 'BODY' | 'QUERY';

/** What a handler takes of the body or the query: the name in each `@Query('name')`; undefined for the whole of it. */
export function argumentsOf(context: ExecutionContext, kind: Kind): (string | undefined)[] {
  const name = context.getHandler().name;
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), name) ?? {}) as Record<
    string,
    { data?: string }
  >;
  return Object.entries(args)
    .filter(([key]) => key.startsWith(`${RouteParamtypes[kind]}:`))
    .map(([, { data }]) => data);
}
