import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { ClientExposureController, UserExposureController } from './exposure.controller.js';
import { WithdrawnAccess } from './withdrawn-access.service.js';
import { Exposures } from './exposure.service.js';

@Module({
  imports: [CredentialsModule],
  controllers: [ClientExposureController, UserExposureController],
  providers: [Exposures, WithdrawnAccess],
  exports: [Exposures],
})
export class ExposureModule {}
