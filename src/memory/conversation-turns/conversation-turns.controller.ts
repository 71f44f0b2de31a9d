import { ApiController } from '../../core/http/api-controller.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { ConversationTurn } from './conversation-turn.entity.js';
import { ConversationTurnsService } from './conversation-turns.service.js';

@ApiController('conversation-turns')
export class ConversationTurnsController extends ResourceController(ConversationTurn) {
  constructor(readonly service: ConversationTurnsService) {
    super();
  }
}
