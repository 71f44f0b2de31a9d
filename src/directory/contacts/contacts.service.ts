import { Injectable } from '@nestjs/common';
import { ResourceService } from '../../core/resource/resource.service.js';
import { Contact } from './contact.entity.js';

@Injectable()
export class ContactsService extends ResourceService(Contact) {}
