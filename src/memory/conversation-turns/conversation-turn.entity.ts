import { User } from '../../core/access/user.entity.js';
import { Choice, LongText, MayBelongTo, Moment, Text, Whole } from '../../core/table/field-decorators.js';
import { SPEAKERS } from '../../formats/memory-event.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Project } from '../../work/projects/project.entity.js';
import type { RecurringRow } from '../recurring/content-key.js';

/** What one side said in a conversation. It is kept as it was said: there is no update. */
@Resource({
  name: 'conversation_turn',
  path: 'conversation-turns',
  about: 'What was said in conversations, turn by turn, as hooks and imports bring it.',
  client: 'self',
  inheritsClient: true,
  owner: 'user_id',
  redacts: ['session_key', 'text'],
  routes: ['list', 'create', 'bulk', 'get', 'remove'],
  indexes: [['session_key', 'at']],
  writing:
    'The same text of the same speaker and place in a conversation is that turn: what is uploaded twice is there once.',
})
export class ConversationTurn extends ResourceEntity implements RecurringRow {
  @MayBelongTo(() => Client) client_id!: string | null;
  @MayBelongTo(() => Project, { listBy: true }) project_id!: string | null;
  @MayBelongTo(() => User, { readOnly: true, description: 'Who brought it' }) user_id!: string | null;
  @Text({ index: true, description: 'Of the conversation, as its host names it' }) session_key!: string;
  @Moment({ description: 'When it was said' }) at!: string;
  @Choice(SPEAKERS, { required: true }) speaker!: string;
  @LongText({ search: true }) text!: string;
  @Whole({ optional: true, description: 'Its place in the conversation' }) sequence!: number | null;
  @Text({
    max: 64,
    readOnly: true,
    index: true,
    description: 'SHA-256 of conversation, place, speaker and text, in hex',
  })
  content_hash!: string;
  @Text({ max: 64, optional: true, assigned: true, internal: true, unique: true }) content_key!:
    string | null;
}
