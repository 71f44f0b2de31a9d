import { Module } from '@nestjs/common';
import { ProjectsModule } from '../../work/projects/projects.module.js';
import './former-state.entity.js';
import { ProjectStatesController } from './project-states.controller.js';
import { ProjectStatesService } from './project-states.service.js';

@Module({
  imports: [ProjectsModule],
  controllers: [ProjectStatesController],
  providers: [ProjectStatesService],
  exports: [ProjectStatesService],
})
export class ProjectStatesModule {}
