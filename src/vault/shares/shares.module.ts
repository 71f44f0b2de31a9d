import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { ClientsModule } from '../../directory/clients/clients.module.js';
import { CredentialPermissionsModule } from '../permissions/credential-permissions.module.js';
import { ShareEndings } from './share-endings.service.js';
import { ShareStanding } from './share-standing.service.js';
import { Redeeming } from './redeeming.service.js';
import { RedeemingController } from './redeeming.controller.js';
import { SharePageController } from './share-page.controller.js';
import { SharesController } from './shares.controller.js';
import { SharesService } from './shares.service.js';

/** Links that open secrets of a credential a few times. */
@Module({
  imports: [CredentialsModule, CredentialPermissionsModule, ClientsModule],
  controllers: [SharesController, RedeemingController, SharePageController],
  providers: [SharesService, ShareStanding, ShareEndings, Redeeming],
  exports: [SharesService],
})
export class SharesModule {}
