import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Client } from './client.entity.js';
import { ClientsService } from './clients.service.js';

@ApiController('clients')
export class ClientsController extends ResourceController(Client) {
  constructor(readonly service: ClientsService) {
    super();
  }
}
