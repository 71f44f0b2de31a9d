import { Module } from '@nestjs/common';
import { FirewallRulesModule } from './firewall-rules/firewall-rules.module.js';
import { InfrastructureModule } from './infrastructure/infrastructure.module.js';
import { NetworksModule } from './networks/networks.module.js';
import { ServicesModule } from './services/services.module.js';

/** What we look after: machines, services, networks and firewall rules of the clients. */
@Module({ imports: [InfrastructureModule, ServicesModule, NetworksModule, FirewallRulesModule] })
export class EstateModule {}
