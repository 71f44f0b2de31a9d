import { Module } from '@nestjs/common';
import { ChangesController } from './changes.controller.js';
import { ChangesService } from './changes.service.js';
import { HeadWatch } from './head-watch.js';

@Module({
  controllers: [ChangesController],
  providers: [ChangesService, HeadWatch],
  exports: [ChangesService, HeadWatch],
})
export class ChangesModule {}
