import { Big, Choice, LongText, Sha256, Text } from '../../core/table/field-decorators.js';
import { Resource, via } from '../../core/resource/resource.js';
import { SessionDetail } from '../sessions/session-detail.js';

@Resource({
  name: 'file_change',
  path: 'file-changes',
  about: 'Files that were changed in a session.',
  client: via('session_id'),
  overview: 'changes',
  redacts: ['file_path', 'previous_path', 'backup_path', 'description'],
  customFields: true,
})
export class FileChange extends SessionDetail {
  @Text({ max: 1000, search: true }) file_path!: string;
  @Choice(['modified', 'created', 'deleted', 'renamed', 'backed_up'], { required: true })
  change_type!: string;
  @Text({ max: 1000, optional: true, description: 'Where it was before it was renamed' })
  previous_path!: string | null;
  @Text({ max: 1000, optional: true, description: 'Where its former content is kept' })
  backup_path!: string | null;
  @Big({ optional: true }) size_bytes!: number | null;
  @Sha256({ optional: true }) checksum_sha256!: string | null;
  @LongText({ optional: true, search: true }) description!: string | null;
}
