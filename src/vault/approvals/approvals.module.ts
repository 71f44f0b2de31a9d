import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { CredentialPermissionsModule } from '../permissions/credential-permissions.module.js';
import { ApprovalEndings } from './approval-endings.service.js';
import { ApprovalRequestsController } from './approval-requests.controller.js';
import { ApprovalRequestsService } from './approval-requests.service.js';
import { ApprovalUses } from './approval-uses.service.js';
import { Deciders } from './deciders.service.js';
import { Hands } from './hands.service.js';

@Module({
  imports: [CredentialsModule, CredentialPermissionsModule],
  controllers: [ApprovalRequestsController],
  providers: [ApprovalRequestsService, ApprovalUses, ApprovalEndings, Deciders, Hands],
  exports: [ApprovalEndings],
})
export class ApprovalsModule {}
