import { Injectable } from '@nestjs/common';
import { resourceOf } from '../../core/resource/resource.js';
import { RecurringService } from '../recurring/recurring.service.js';
import { ConversationTurn } from './conversation-turn.entity.js';

@Injectable()
export class ConversationTurnsService extends RecurringService<ConversationTurn> {
  constructor() {
    super(resourceOf(ConversationTurn));
  }

  /** Two turns may say the same ("yes"): where they stand tells them apart, or when they were said. */
  protected override contentOf({ session_key, sequence, at, speaker, text }: ConversationTurn): string[] {
    return [session_key, sequence === null ? at : String(sequence), speaker, text];
  }
}
