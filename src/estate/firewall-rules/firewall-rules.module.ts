import { Module } from '@nestjs/common';
import { InfrastructureModule } from '../infrastructure/infrastructure.module.js';
import { FirewallRulesController } from './firewall-rules.controller.js';
import { FirewallRulesService } from './firewall-rules.service.js';

@Module({
  imports: [InfrastructureModule],
  controllers: [FirewallRulesController],
  providers: [FirewallRulesService],
  exports: [FirewallRulesService],
})
export class FirewallRulesModule {}
