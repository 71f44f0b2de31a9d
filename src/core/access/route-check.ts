import { Injectable, OnApplicationBootstrap } from '@nestjs/common';
import { METHOD_METADATA, ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { BodyPipe } from '../http/pipes/body.pipe.js';
import { ACCESS } from '../http/access.decorators.js';

type Handler = (...args: unknown[]) => unknown;
interface Argument {
  pipes: unknown[];
}

/** At start: every route declares who may call it, and every body is checked by a named class. */
@Injectable()
export class RouteCheck implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onApplicationBootstrap(): void {
    const faults = this.discovery.getControllers().flatMap(({ instance, metatype }) => {
      if (!instance || !metatype) return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, Handler>;
      return this.scanner
        .getAllMethodNames(prototype)
        .flatMap(name => this.faultsOf(metatype, prototype, name));
    });
    if (faults.length > 0) throw new Error(`Routes that may not start:\n  ${faults.join('\n  ')}`);
  }

  private faultsOf(metatype: object, prototype: Record<string, Handler>, name: string): string[] {
    const handler = prototype[name];
    if (!handler || Reflect.getMetadata(METHOD_METADATA, handler) === undefined) return [];
    const where = `${(metatype as { name: string }).name}.${name}`;
    const faults: string[] = [];
    if (!this.reflector.getAllAndOverride(ACCESS, [handler, metatype as never]))
      faults.push(`${where} declares no access`);
    const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, metatype, name) ?? {}) as Record<string, Argument>;
    for (const [key, { pipes }] of Object.entries(args))
      if (key.startsWith(`${RouteParamtypes.BODY}:`) && !pipes.some(pipe => pipe instanceof BodyPipe))
        faults.push(`${where} has a body that nothing validates`);
    return faults;
  }
}
