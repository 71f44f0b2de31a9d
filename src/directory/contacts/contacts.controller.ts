import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { Contact } from './contact.entity.js';
import { ContactsService } from './contacts.service.js';

@ApiController('contacts')
export class ContactsController extends ResourceController(Contact) {
  constructor(readonly service: ContactsService) {
    super();
  }
}
