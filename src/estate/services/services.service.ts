import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { Service } from './service.entity.js';

@Injectable()
export class ServicesService extends ResourceService(Service) {}
