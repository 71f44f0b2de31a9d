import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { Site } from './site.entity.js';

@Injectable()
export class SitesService extends ResourceService(Site) {}
