import { Module } from '@nestjs/common';
import { DomainsModule } from './domains/domains.module.js';
import { FirewallRulesModule } from './firewall-rules/firewall-rules.module.js';
import { InfrastructureModule } from './infrastructure/infrastructure.module.js';
import { M365TenantsModule } from './m365-tenants/m365-tenants.module.js';
import { NetworksModule } from './networks/networks.module.js';
import { ServiceRelationshipsModule } from './service-relationships/service-relationships.module.js';
import { ServicesModule } from './services/services.module.js';

/** What we look after: machines, services, networks, firewall rules, Microsoft 365 tenants and domains of the clients. */
@Module({
  imports: [
    InfrastructureModule,
    ServicesModule,
    ServiceRelationshipsModule,
    NetworksModule,
    FirewallRulesModule,
    M365TenantsModule,
    DomainsModule,
  ],
})
export class EstateModule {}
