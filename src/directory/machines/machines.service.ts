import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { Machine } from './machine.entity.js';

@Injectable()
export class MachinesService extends ResourceService(Machine) {}
