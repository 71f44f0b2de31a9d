import { Module } from '@nestjs/common';
import { InfrastructureModule } from './infrastructure/infrastructure.module.js';
import { NetworksModule } from './networks/networks.module.js';
import { ServicesModule } from './services/services.module.js';

/** What we look after: machines, services and networks of the clients. */
@Module({ imports: [InfrastructureModule, ServicesModule, NetworksModule] })
export class EstateModule {}
