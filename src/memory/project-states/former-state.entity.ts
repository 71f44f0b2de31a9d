import { BelongsTo, MapOf, Moment, Uuid, Whole } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';
import { ProjectState } from './project-state.entity.js';

/** A version of a project's state that another one took the place of. */
@Stored({ table: 'project_state_versions', unique: [['project_state_id', 'version']] })
export class FormerState {
  @Uuid({ primary: true }) id!: string;
  @BelongsTo(() => ProjectState, { onDelete: 'CASCADE', index: false }) project_state_id!: string;
  @Whole({ index: false }) version!: number;
  /** The row as it was. */
  @MapOf('any') state!: Record<string, unknown>;
  /** When it came, and when it went. */
  @Moment({ index: false }) valid_from!: string;
  @Moment({ index: false }) valid_to!: string;
}
