import type { FirewallRule } from './firewall-rule.entity.js';
import type { Match } from './packets.js';

export const FINDINGS = ['shadowed', 'half_shadowed', 'duplicate', 'any_any'] as const;

/** What is wrong with a rule. */
export interface Finding {
  rule_id: string;
  rule_order: number;
  kind: (typeof FINDINGS)[number];
  reason: string;
  /** The ids of the earlier rules that are the reason; the first 20 of them. */
  by: string[];
}

export type Rule = Match & Pick<FirewallRule, 'id' | 'rule_order' | 'action'>;

const MOST_NAMED = 20;

/** A network of all addresses has a family; none stands for both. */
export function anyOf(cidr: string | null): string {
  if (cidr === null) return 'any address';
  return cidr.includes(':') ? 'any IPv6 address' : 'any IPv4 address';
}

/** Why a rule for both families is left with one; `family` is the place of the other in ipv4, ipv6. */
export function halfOf(family: number): string {
  const [taken, left] = family === 0 ? ['IPv4', 'IPv6'] : ['IPv6', 'IPv4'];
  return `All of ${taken} that it matches is already decided by {rules}; ${left} still passes to it, since no address of it is named`;
}

export function protocolOf({ protocol }: Rule): string {
  return protocol === 'any' ? 'everything' : protocol.toUpperCase();
}

export function finding(kind: Finding['kind'], rule: Rule, by: Rule[], reason: string): Finding {
  const named = by.slice(0, MOST_NAMED);
  return {
    rule_id: rule.id,
    rule_order: rule.rule_order,
    kind,
    reason: reason.replace('{rules}', namesOf(named, by.length - named.length)),
    by: named.map(one => one.id),
  };
}

/** `rule 10 (deny)`, `rules 10 (deny), 20 (allow) and 7 others together`. */
function namesOf(rules: Rule[], others: number): string {
  const names = rules.map(one => `${one.rule_order} (${one.action})`);
  if (names.length === 1) return `rule ${names[0]}`;
  const last = others > 0 ? `${others} others` : names.pop();
  return `rules ${names.join(', ')} and ${last} together`;
}
