import { ApiController } from '../../core/resource/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Machine } from './machine.entity.js';
import { MachinesService } from './machines.service.js';

@ApiController('machines')
export class MachinesController extends ResourceController(Machine) {
  constructor(readonly service: MachinesService) {
    super();
  }
}
