import { Global, Module } from '@nestjs/common';
import { ResourceKit } from './kit.js';
import { RefusedTargets } from './refused-targets.js';
import { Withdrawals } from './withdrawals.js';
import { ResourceRegistry } from './resource-registry.js';

/** What every service of a resource stands on. */
@Global()
@Module({
  providers: [ResourceRegistry, ResourceKit, RefusedTargets, Withdrawals],
  exports: [ResourceRegistry, ResourceKit, RefusedTargets, Withdrawals],
})
export class ResourceModule {}
