import { Module } from '@nestjs/common';
import { SessionsModule } from '../../work/sessions/sessions.module.js';
import { SessionTimelineController } from './session-timeline.controller.js';
import { SessionTimelineService } from './session-timeline.service.js';

@Module({
  imports: [SessionsModule],
  controllers: [SessionTimelineController],
  providers: [SessionTimelineService],
  exports: [SessionTimelineService],
})
export class SessionTimelineModule {}
