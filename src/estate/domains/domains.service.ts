import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { Domain } from './domain.entity.js';

@Injectable()
export class DomainsService extends ResourceService(Domain) {}
