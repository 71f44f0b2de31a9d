import { ApiController } from '../../core/resource/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Tag } from './tag.entity.js';
import { TagsService } from './tags.service.js';

@ApiController('tags')
export class TagsController extends ResourceController(Tag) {
  constructor(readonly service: TagsService) {
    super();
  }
}
