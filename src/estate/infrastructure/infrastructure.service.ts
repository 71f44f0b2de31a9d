import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { Infrastructure } from './infrastructure.entity.js';

@Injectable()
export class InfrastructureService extends ResourceService(Infrastructure) {}
