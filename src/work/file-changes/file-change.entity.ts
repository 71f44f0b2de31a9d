import { Big, Choice, LongText, Text } from '../../core/table/field-decorators.js';
import { Resource, via } from '../../core/resource/resource.js';
import { SessionDetail } from '../sessions/session-detail.js';

@Resource({
  name: 'file_change',
  path: 'file-changes',
  about: 'Files that were changed in a session.',
  client: via('session_id'),
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
  @Text({
    max: 64,
    optional: true,
    lower: true,
    pattern: /^[0-9a-f]{64}$/i,
    must: 'be a SHA-256 as 64 hexadecimal digits',
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  })
  checksum_sha256!: string | null;
  @LongText({ optional: true, search: true }) description!: string | null;
}
