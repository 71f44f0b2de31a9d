import { ApiController } from '../../core/resource/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Project } from './project.entity.js';
import { ProjectsService } from './projects.service.js';

@ApiController('projects')
export class ProjectsController extends ResourceController(Project) {
  constructor(readonly service: ProjectsService) {
    super();
  }
}
