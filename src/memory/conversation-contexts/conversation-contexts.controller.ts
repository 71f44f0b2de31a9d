import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { ConversationContext } from './conversation-context.entity.js';
import { ConversationContextsService } from './conversation-contexts.service.js';

@ApiController('conversation-contexts')
export class ConversationContextsController extends ResourceController(ConversationContext) {
  constructor(readonly service: ConversationContextsService) {
    super();
  }
}
