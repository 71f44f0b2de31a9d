import { Module } from '@nestjs/common';
import { M365TenantsController } from './m365-tenants.controller.js';
import { M365TenantsService } from './m365-tenants.service.js';

@Module({
  controllers: [M365TenantsController],
  providers: [M365TenantsService],
  exports: [M365TenantsService],
})
export class M365TenantsModule {}
