import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { placeholders } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { decodeMoment } from '../../core/database/values.js';
import { kindOf } from '../../formats/memory-event.js';
import { Rows } from '../../core/table/rows.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { compressFileChanges } from '../compression/file-changes.js';
import { type Progress, progressed } from '../compression/progress.js';
import { STATE_NAMES, type StateOfProject } from '../compression/project-state.js';
import { ProjectState } from '../project-states/project-state.entity.js';
import { ProjectStatesService } from '../project-states/project-states.service.js';
import { plain } from '../text/plain.js';
import { bareWords } from '../text/said-in.js';
import { EventDecisions } from './event-decisions.service.js';
import type { PlacedEvent } from './event-store.service.js';

const MOST_OF_WHOLE = 4_000;

/**
 * Lets what conversations tell become the state of their project and its decisions. Works inside the caller's unit,
 * which has locked the projects.
 */
@Injectable()
export class ProjectProgress {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly states: ProjectStatesService,
    private readonly decisions: EventDecisions,
  ) {}

  /** When each project was told of last: what is older than this comes late. */
  async toldLast(project_ids: readonly string[]): Promise<Map<string, string>> {
    if (project_ids.length === 0) return new Map();
    const text =
      'SELECT project_id, MAX(occurred_at) AS last FROM conversation_contexts ' +
      `WHERE project_id IN (${placeholders(project_ids.length)}) AND occurred_at IS NOT NULL GROUP BY project_id`;
    const found = await this.units.sql.select<{ project_id: string; last: string }>(text, [...project_ids]);
    return new Map(found.map(({ project_id, last }) => [project_id, decodeMoment(last)]));
  }

  /** @param placed events of one project, the oldest first */
  async follow(
    project_id: string,
    placed: readonly PlacedEvent[],
    toldLast: string | undefined,
  ): Promise<void> {
    const known = await this.rows.findOne(ProjectState, { project_id });
    const stateAt = [toldLast ?? '', known?.as_of ?? ''].sort().at(-1) ?? '';
    let state: StateOfProject = known ?? {};
    for (const one of placed) {
      if (turnIsOver()) await nextTurn();
      const progress = progressOf(one, one.event.at < stateAt);
      if (progress) state = progressed(state, progress);
    }
    const last = placed.at(-1)?.event.at ?? stateAt;
    const changed = STATE_NAMES.filter(
      name => !isDeepStrictEqual(emptied(state[name]), emptied(known?.[name])),
    );
    if (changed.length > 0)
      await this.states.put(project_id, {
        ...Object.fromEntries(changed.map(name => [name, emptied(state[name])])),
        as_of: last > stateAt ? last : stateAt,
      });
    await this.decisions.log(
      project_id,
      placed.flatMap(({ told }) => told?.decided ?? []),
    );
  }
}

/** An empty list says as little as none. */
const emptied = (value: unknown) =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? null : value;

function progressOf({ event, told }: PlacedEvent, isLate: boolean): Progress | undefined {
  if (!told) return undefined;
  const { kind, text, title, git } = event;
  const { files } = compressFileChanges(git?.changed_files ?? []);
  const names = files.map(one => one.path);
  const isWhole = kindOf(kind).tells === 'whole' && saysMore(text, [title ?? '', ...names]);
  return { ...told, whole: isWhole ? plain(text, MOST_OF_WHOLE) : null, files: names, isLate };
}

/** Whether a text says more than its title and the names of files, of which a checkpoint without words is made. */
function saysMore(text: string, known: readonly string[]): boolean {
  const names = new Set(known.map(bareWords));
  return text.split('\n').some(row => row.trim() !== '' && !names.has(bareWords(row)));
}
