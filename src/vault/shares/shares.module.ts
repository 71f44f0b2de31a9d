import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { Redeeming } from './redeeming.service.js';
import { RedeemingController } from './redeeming.controller.js';
import { SharePageController } from './share-page.controller.js';
import { SharesController } from './shares.controller.js';
import { SharesService } from './shares.service.js';

/** Links that open secrets of a credential a few times. */
@Module({
  imports: [CredentialsModule],
  controllers: [SharesController, RedeemingController, SharePageController],
  providers: [SharesService, Redeeming],
})
export class SharesModule {}
