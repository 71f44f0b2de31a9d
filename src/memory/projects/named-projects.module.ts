import { Module } from '@nestjs/common';
import { ProjectsModule } from '../../work/projects/projects.module.js';
import { NamedProjects } from './named-projects.service.js';

@Module({ imports: [ProjectsModule], providers: [NamedProjects], exports: [NamedProjects] })
export class NamedProjectsModule {}
