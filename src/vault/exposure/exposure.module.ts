import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { ClientExposureController, UserExposureController } from './exposure.controller.js';
import { Exposures } from './exposure.service.js';

@Module({
  imports: [CredentialsModule],
  controllers: [ClientExposureController, UserExposureController],
  providers: [Exposures],
  exports: [Exposures],
})
export class ExposureModule {}
