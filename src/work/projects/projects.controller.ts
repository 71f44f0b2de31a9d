import { Get, Query } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { DescribeListAs } from '../../core/resource/describe/describe-list.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { Project } from './project.entity.js';
import { ProjectsService } from './projects.service.js';

@ApiController('projects')
export class ProjectsController extends ResourceController(Project) {
  constructor(readonly service: ProjectsService) {
    super();
  }

  @Get('by-repository')
  @RequireScope('msp:read')
  @DescribeListAs(resourceOf(Project), 'listProjectsByRepository', 'Lists projects by git repository')
  @ApiQuery({ name: 'url', description: 'In any of its forms', example: 'git@git.example.com:msp/tool.git' })
  byRepository(@Query() query: RawQuery) {
    return this.service.byRepository(query);
  }
}
