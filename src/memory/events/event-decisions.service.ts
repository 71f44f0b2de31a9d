import { Injectable } from '@nestjs/common';
import { Rows } from '../../core/table/rows.js';
import { type KeyDecision, keyOfDecision } from '../compression/decisions.js';
import { type KnownDecision, replacedDecision, replacesOf } from '../compression/supersession.js';
import { DecisionLog } from '../decision-logs/decision-log.entity.js';
import { DecisionLogsService } from '../decision-logs/decision-logs.service.js';
import { saysTheSame, type Shape, shapeOf } from '../text/similarity.js';

/** Of a project, so many decisions are compared with a new one, the newest. */
const MOST_COMPARED = 300;

const TYPES: [string, RegExp][] = [
  ['security', /\b(?:security|encrypt\w*|mfa|2fa|password\w*|credential\w*|firewall|access rights?|permission\w*|certificate\w*)\b/i],
  ['architectural', /\b(?:architecture|database|schema|api|service|module|protocol|server|cluster|cloud|migrat\w*)\b/i],
  ['process', /\b(?:process|workflow|meeting|review|release|schedule|policy|on-?call|ticket\w*|every (?:day|week|month))\b/i],
]; // prettier-ignore

/** Logs what conversations decide: each decision once. Works inside the caller's unit, which has locked the project. */
@Injectable()
export class EventDecisions {
  constructor(
    private readonly rows: Rows,
    private readonly decisions: DecisionLogsService,
  ) {}

  async log(project_id: string, decided: readonly (KeyDecision & { at: string })[]): Promise<void> {
    if (decided.length === 0) return;
    const known = await this.known(project_id);
    for (const one of decided) {
      if (this.isKnown(one.decision, known)) continue;
      const older = replacedDecision(
        one,
        known.filter(({ isActive }) => isActive),
      );
      const { id } = await this.decisions.create({
        project_id,
        decision_type: TYPES.find(([, words]) => words.test(one.decision))?.[0] ?? 'technical',
        decision_text: one.decision,
        rationale: one.rationale,
        impact: one.impact,
        occurred_at: one.at,
        ...(older ? { supersedes_id: older.id } : {}),
      });
      const logged = loggedAs({
        id,
        text: one.decision,
        at: one.at,
        isActive: true,
        supersedes: older?.id ?? null,
      });
      if (older) older.isActive = false;
      await this.supersedeLate(logged, known);
      known.unshift(logged);
    }
  }

  /** A decision that comes late may have been replaced by one that is known already. */
  private async supersedeLate(late: Logged, known: readonly Logged[]): Promise<void> {
    const newer = known.filter(one => {
      const isOpen = one.isActive && one.supersedes === null && one.at > late.at;
      return isOpen && replacedDecision({ replaces: replacesOf(one), at: one.at }, [late]) !== undefined;
    });
    const [only, ...more] = newer;
    if (!only || more.length > 0) return;
    await this.decisions.update(only.id, { supersedes_id: late.id });
    late.isActive = false;
  }

  private isKnown(decision: string, known: readonly Logged[]): boolean {
    const key = keyOfDecision(decision);
    const shape = shapeOf(decision);
    return known.some(one => one.key === key || (one.shape && saysTheSame(one.shape, shape, 0.9)));
  }

  private async known(project_id: string): Promise<Logged[]> {
    const order = 'COALESCE(occurred_at, created_at) DESC';
    const found = await this.rows.find(DecisionLog, { project_id }, { order, limit: MOST_COMPARED });
    return found.map(({ id, decision_text: text, occurred_at, created_at, status, supersedes_id }) =>
      loggedAs({
        id,
        text,
        at: occurred_at ?? created_at,
        isActive: status === 'active',
        supersedes: supersedes_id,
      }),
    );
  }
}

interface Logged extends KnownDecision {
  isActive: boolean;
  supersedes: string | null;
  key: string;
  /** Of one that is long enough to be said in other words. */
  shape: Shape | undefined;
}

function loggedAs(one: Omit<Logged, 'key' | 'shape'>): Logged {
  return {
    ...one,
    key: keyOfDecision(one.text),
    shape: one.text.length > 40 ? shapeOf(one.text) : undefined,
  };
}
