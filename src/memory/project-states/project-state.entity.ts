import {
  BelongsTo,
  ListOf,
  LongText,
  MayBelongTo,
  Moment,
  Text,
  Whole,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity, via } from '../../core/resource/resource.js';
import type { WholeState } from '../compression/project-state.js';
import { Project } from '../../work/projects/project.entity.js';
import { Session } from '../../work/sessions/session.entity.js';

/** Where a project stands: one row for each, and what it was before. */
@Resource({
  name: 'project_state',
  path: 'project-states',
  about: 'Where each project stands: one state for each, with its history.',
  client: via('project_id'),
  asksForClient: true,
  redacts: true,
  unique: [['project_id']],
  writing: 'A project has one state.',
})
export class ProjectState extends ResourceEntity implements WholeState {
  @BelongsTo(() => Project, { onDelete: 'CASCADE' }) project_id!: string;
  @Text({ max: 100, optional: true, search: true, index: true }) phase!: string | null;
  @Whole({ max: 100, optional: true }) progress_percent!: number | null;
  @LongText({ optional: true, search: true }) current_focus!: string | null;
  @ListOf('text', { optional: true }) blockers!: string[] | null;
  @ListOf('text', { optional: true }) next_actions!: string[] | null;
  @ListOf('text', { optional: true }) completed!: string[] | null;
  @LongText({ optional: true, search: true }) context_summary!: string | null;
  @ListOf('text', { optional: true }) key_files!: string[] | null;
  @ListOf('text', { optional: true }) important_decisions!: string[] | null;
  @Moment({
    optional: true,
    assigned: true,
    description: 'Since when it is so; when it was changed, unless told',
  })
  as_of!: string | null;
  @MayBelongTo(() => Session) last_session_id!: string | null;
}
