import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { type Box, covers, overlap, sizeOf, without } from './boxes.js';
import { anyOf, type Finding, finding, halfOf, protocolOf, type Rule } from './findings.js';
import { isUnlimited, Packets } from './packets.js';

export interface Analysis {
  findings: Finding[];
  /** The ids of rules that several others together might shadow: to find out would have taken too long. */
  undecided: string[];
}

interface Examined {
  rule: Rule;
  boxes: Box[];
  /** Ranges of its boxes. */
  size: number;
}

/** What comes before a rule: those that match all of its packets, or the one that matches all of one family (ipv4, ipv6). */
interface Before {
  all: Rule[];
  half?: { rule: Rule; family: number };
}

/** Ranges that one analysis compares at most: some tenths of a second. */
const EFFORT = 20_000_000;
/** To cut a range costs so many times as much as to compare it. */
const CUT = 8;

/** So many pairs of rules are compared before others may be let in. */
const PAIRS = 500;

/** Counts the steps of an analysis, and shares what is left of them evenly among the rules to come. */
class Effort {
  private floor = 0;
  constructor(private left: number) {}

  begin(rulesToCome: number): void {
    this.floor = this.left - Math.ceil(this.left / rulesToCome);
  }
  /** False when the share of the present rule is used up. */
  spend(steps: number): boolean {
    this.left -= steps;
    return this.left >= this.floor;
  }
}

/**
 * Finds rules that never decide anything and rules that allow everything. A packet is decided by the first rule that
 * matches it. Exact, but for `undecided`.
 *
 * @param rules in their order, without the disabled ones
 */
export async function analyse(rules: readonly Rule[], most = EFFORT): Promise<Analysis> {
  const packets = new Packets(rules);
  const effort = new Effort(most);
  const earlier: Examined[] = [];
  const known = new Map<string, Rule>();
  const findings: Finding[] = [];
  const undecided: string[] = [];
  for (const rule of rules) {
    if (turnIsOver()) await nextTurn();
    effort.begin(rules.length - earlier.length);
    const boxes = packets.boxesOf(rule);
    const key = JSON.stringify([rule.action, boxes]);
    const examined = { rule, boxes, size: boxes.reduce((sum, box) => sum + sizeOf(box), 0) };
    const twin = known.get(key);
    const before = twin ? { all: [] } : await coveringRules(examined, earlier, effort);
    if (twin)
      findings.push(
        finding('duplicate', rule, [twin], 'Matches the same packets as {rules}, with the same action'),
      );
    else if (before === undefined) undecided.push(rule.id);
    else if (before.all.length > 0)
      findings.push(
        finding('shadowed', rule, before.all, 'Every packet that it matches is already decided by {rules}'),
      );
    else if (before.half)
      findings.push(finding('half_shadowed', rule, [before.half.rule], halfOf(before.half.family)));
    if (rule.action === 'allow' && isUnlimited(rule))
      findings.push(
        finding(
          'any_any',
          rule,
          [],
          `Allows ${protocolOf(rule)} from ${anyOf(rule.source_cidr)} to ${anyOf(rule.destination_cidr)} on every port`,
        ),
      );
    earlier.push(examined);
    if (!twin) known.set(key, rule);
  }
  return { findings, undecided };
}

/** One earlier rule that matches all of these packets, or several that do together; `all` is empty when some are left. */
async function coveringRules(
  { boxes, size }: Examined,
  earlier: Examined[],
  effort: Effort,
): Promise<Before | undefined> {
  const near: Examined[] = [];
  let half: Before['half'];
  for (const [index, one] of earlier.entries()) {
    if (!effort.spend(size + one.size)) return undefined;
    if (index % PAIRS === 0 && turnIsOver()) await nextTurn();
    if (!boxes.some(box => one.boxes.some(other => overlap(box, other)))) continue;
    const held = boxes.map(box => one.boxes.some(other => covers(other, box)));
    if (!held.includes(false)) return { all: [one.rule] };
    if (held.includes(true)) half ??= { rule: one.rule, family: held.indexOf(true) };
    near.push(one);
  }
  const used = new Set<Rule>();
  for (const box of boxes) {
    const covered = await isCovered(box, near, used, effort);
    if (covered !== true) return covered === undefined ? undefined : { all: [], half };
  }
  return { all: [...used].sort((one, other) => one.rule_order - other.rule_order) };
}

/**
 * Whether rules together match every packet of a box; undefined when the effort does not suffice. Follows what each
 * rule leaves of the box, one piece to its end before the next: mostly the first one that nobody takes is found soon.
 */
async function isCovered(
  whole: Box,
  rules: Examined[],
  used: Set<Rule>,
  effort: Effort,
): Promise<boolean | undefined> {
  const open = [{ box: whole, next: 0 }];
  for (let piece = open.pop(); piece; piece = open.pop()) {
    const { box } = piece;
    let { next } = piece;
    let rest: Box[] | undefined;
    while (rest === undefined) {
      const one = rules[next++];
      if (!one) return false;
      if (!effort.spend(CUT * (sizeOf(box) + one.size))) return undefined;
      if (turnIsOver()) await nextTurn();
      for (const cut of one.boxes) rest ??= without(box, cut);
      if (rest) used.add(one.rule);
    }
    for (const left of rest) open.push({ box: left, next });
  }
  return true;
}
