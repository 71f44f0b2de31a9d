import { Module } from '@nestjs/common';
import { ClientsModule } from '../../directory/clients/clients.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { KvController } from './kv.controller.js';
import { KvPaths } from './kv-paths.service.js';
import { KvSecrets } from './kv-secrets.service.js';
import { KvSystem } from './kv-system.service.js';
import { KvSystemController } from './kv-system.controller.js';
import { KvUnseen } from './kv-unseen.service.js';

@Module({
  imports: [ClientsModule, CredentialsModule],
  controllers: [KvController, KvSystemController],
  providers: [KvPaths, KvSecrets, KvSystem, KvUnseen],
})
export class KvModule {}
