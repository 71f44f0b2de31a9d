import { Injectable } from '@nestjs/common';
import { Rows } from '../../core/table/rows.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { type KnownDecision, replacedDecisions } from '../compression/supersession.js';
import { DecisionLog } from '../decision-logs/decision-log.entity.js';
import { DecisionLogsService } from '../decision-logs/decision-logs.service.js';
import { type Decided, isSameDecision, type ReadDecision, readDecision } from './decision-reading.js';

/** Of a project, so many decisions are compared with a new one, the newest. */
const MOST_COMPARED = 300;

const TYPES: [string, RegExp][] = [
  ['security', /\b(?:security|encrypt\w*|mfa|2fa|password\w*|credential\w*|firewall|access rights?|permission\w*|certificate\w*)\b/i],
  ['architectural', /\b(?:architecture|database|schema|api|service|module|protocol|server|cluster|cloud|migrat\w*)\b/i],
  ['process', /\b(?:process|workflow|meeting|review|release|schedule|policy|on-?call|ticket\w*|every (?:day|week|month))\b/i],
]; // prettier-ignore

/** Logs what conversations decide: each decision once. */
@Injectable()
export class EventDecisions {
  constructor(
    private readonly rows: Rows,
    private readonly decisions: DecisionLogsService,
  ) {}

  /** Reads what a project has decided so far, so that nothing is read while others wait: before a unit begins. */
  async readAhead(project_id: string): Promise<void> {
    for (const { decision_text } of await this.newest(project_id)) {
      if (turnIsOver()) await nextTurn();
      readDecision(decision_text);
    }
  }

  /** Works inside the caller's unit, which has locked the project. */
  async log(project_id: string, decided: readonly Decided[]): Promise<void> {
    if (decided.length === 0) return;
    const known = (await this.newest(project_id)).map(loggedAs);
    for (const one of decided) {
      if (known.some(({ read }) => isSameDecision(one.read, read))) continue;
      const { at, read } = one;
      const [older, ...more] = replacedDecisions(
        { at, facts: read.facts },
        known.filter(({ isActive }) => isActive),
      );
      const { id } = await this.decisions.create({
        project_id,
        decision_type: TYPES.find(([, words]) => words.test(one.decision))?.[0] ?? 'technical',
        decision_text: one.decision,
        rationale: one.rationale,
        impact: one.impact,
        occurred_at: at,
        ...(older ? { supersedes_id: older.id } : {}),
      });
      for (const other of more) await this.decisions.update(other.id, { status: 'superseded' });
      for (const other of [older, ...more]) if (other) other.isActive = false;
      const logged: Logged = {
        id,
        at,
        read,
        facts: read.facts,
        isActive: true,
        supersedes: older?.id ?? null,
      };
      await this.supersedeLate(logged, known);
      known.unshift(logged);
    }
  }

  /** A decision that comes late may have been replaced by one that is known already. */
  private async supersedeLate(late: Logged, known: readonly Logged[]): Promise<void> {
    const newer = known.filter(one => {
      const isOpen = one.isActive && one.supersedes === null && one.at > late.at;
      return isOpen && replacedDecisions(one, [late]).length > 0;
    });
    const [only, ...more] = newer;
    if (!only || more.length > 0) return;
    await this.decisions.update(only.id, { supersedes_id: late.id });
    only.supersedes = late.id;
    late.isActive = false;
  }

  private newest(project_id: string): Promise<DecisionLog[]> {
    const order = 'COALESCE(occurred_at, created_at) DESC';
    return this.rows.find(DecisionLog, { project_id }, { order, limit: MOST_COMPARED });
  }
}

interface Logged extends KnownDecision {
  id: string;
  read: ReadDecision;
  isActive: boolean;
  supersedes: string | null;
}

function loggedAs(row: DecisionLog): Logged {
  const read = readDecision(row.decision_text);
  return {
    id: row.id,
    at: row.occurred_at ?? row.created_at,
    read,
    facts: read.facts,
    isActive: row.status === 'active',
    supersedes: row.supersedes_id,
  };
}
