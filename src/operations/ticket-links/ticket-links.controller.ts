import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { TicketLink } from './ticket-link.entity.js';
import { TicketLinksService } from './ticket-links.service.js';

@ApiController('ticket-links')
export class TicketLinksController extends ResourceController(TicketLink) {
  constructor(readonly service: TicketLinksService) {
    super();
  }
}
