import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { Project } from './project.entity.js';

@Injectable()
export class ProjectsService extends ResourceService(Project) {}
