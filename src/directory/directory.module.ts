import { Module } from '@nestjs/common';
import { ClientsModule } from './clients/clients.module.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { MachinesModule } from './machines/machines.module.js';
import { SitesModule } from './sites/sites.module.js';
import { TagsModule } from './tags/tags.module.js';

/** Who we work for, and with what: clients, contacts, sites, tags, our own machines. */
@Module({ imports: [ClientsModule, SitesModule, ContactsModule, MachinesModule, TagsModule] })
export class DirectoryModule {}
