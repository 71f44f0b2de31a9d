import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { Tag } from './tag.entity.js';

@Injectable()
export class TagsService extends ResourceService(Tag) {}
