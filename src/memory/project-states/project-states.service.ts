import { Injectable } from '@nestjs/common';
import { NotFoundError, ValidationError } from '../../core/context/errors.js';
import { newId } from '../../core/database/new-id.js';
import { now } from '../../core/database/values.js';
import { isUnchanged, plainView } from '../../core/resource/row-changes.js';
import { retryIfTaken } from '../../core/resource/retry.js';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import { ProjectsService } from '../../work/projects/projects.service.js';
import { FormerState } from './former-state.entity.js';
import { ProjectState } from './project-state.entity.js';
import type { ProjectStateHistory } from './project-states.answers.js';

/** States, each with its former versions. */
@Injectable()
export class ProjectStatesService extends ResourceService(ProjectState) {
  constructor(private readonly projects: ProjectsService) {
    super();
  }

  /** 404 for a project that the actor may not see, and for one without a state. */
  async ofProject(project_id: string): Promise<View<ProjectState>> {
    await this.projects.find(project_id);
    const known = await this.kit.rows.findOne(ProjectState, { project_id });
    if (!known)
      throw new NotFoundError('This project has no state yet', {
        resource_type: 'ProjectState',
        resource_id: null,
      });
    return this.get(known.id);
  }

  /** The state of a project: changed, or made when there is none. */
  put(
    project_id: string,
    body: Body,
    ifMatch?: string,
  ): Promise<{ row: View<ProjectState>; created: boolean }> {
    return this.kit.units.run(async () => {
      await this.projects.find(project_id);
      const known = await this.kit.rows.findOne(ProjectState, { project_id });
      if (known) return { row: await this.update(known.id, body, ifMatch), created: false };
      // Two first states at once: the slower request changes what the other one made.
      const row = await this.create({ ...body, project_id }).catch(retryIfTaken(['project_id']));
      return { row, created: true };
    });
  }

  /** At most 20 versions, from the newest before `before` on: a state may be long. */
  async history(id: string, before: number): Promise<ProjectStateHistory> {
    await this.find(id);
    const text =
      'SELECT id FROM project_state_versions WHERE project_state_id = ? AND version < ? ORDER BY version DESC LIMIT 21';
    const ids = await this.kit.units.sql.select<{ id: string }>(text, [id, before]);
    const page = ids.slice(0, 20).map(one => one.id);
    const found = await this.kit.rows.find(FormerState, { id: page });
    const items = found
      .sort((a, b) => b.version - a.version)
      .map(({ version, valid_from, valid_to, state }) => ({ version, valid_from, valid_to, state }));
    return { items, next: ids.length > page.length ? (items.at(-1)?.version ?? null) : null };
  }

  protected override stored(row: ProjectState | undefined, before: ProjectState | undefined): void {
    if (!before) return;
    const former = row && this.formerOf(before, row.updated_at);
    this.kit.units.beforeCommit('former states', [{ id: before.id, former }], async all => {
      const gone = new Set(all.filter(one => !one.former).map(one => one.id));
      const kept = all.flatMap(one => (one.former && !gone.has(one.id) ? [one.former] : []));
      await this.kit.rows.insert(FormerState, ...kept);
    });
  }

  private formerOf(before: ProjectState, valid_to: string): FormerState {
    const { id: project_state_id, version, updated_at: valid_from } = before;
    const state = { ...plainView(this.spec, before) };
    return { id: newId(), project_state_id, version, state, valid_from, valid_to };
  }

  protected override fill(row: ProjectState, before: ProjectState | undefined, body: Body): void {
    if (body.as_of === undefined && !(before && isUnchanged(this.spec, before, row))) row.as_of = now();
  }

  protected override check(row: ProjectState, before?: ProjectState): void {
    if (before && row.project_id !== before.project_id)
      throw ValidationError.of(
        'project_id',
        'cannot be changed; the state goes with its project',
        'immutable',
      );
  }
}
