import { Module } from '@nestjs/common';
import { ClientsModule } from './clients/clients.module.js';

/** Who we work for, and with what: clients, contacts, sites, tags, our own machines. */
@Module({ imports: [ClientsModule] })
export class DirectoryModule {}
