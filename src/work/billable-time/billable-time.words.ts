import type { ApiPropertyOptions } from '@nestjs/swagger';
import { ROUNDINGS, SCOPES } from '../money/rounding.js';

/** What the document says beside the fields. */
export const WRITING = `Rate, currency, multiplier and the rule of rounding are those of the day of the work, kept as
they are now: what becomes of rules, clients and settings later changes nothing. \`amount\` is \`billable_minutes\` / 60 ×
\`hourly_rate\` × \`multiplier\`, rounded half up once. Time of another user is written by administrators. Time that is
not billable has 0 billable minutes and stays so until \`is_billable\` says otherwise.

Where the rule adds minutes up (\`scope\`), a group is the billable entries of one client, labour type, currency and rule,
whoever worked, of one work item or of one work_date; the last one carries what is missing to the rounded sum, in
minutes and in cents. Drafts follow whenever their group changes; others stay. What is
credited leaves its group, and is in it again when its credit is deleted. A group has at most 1,000 entries,
and of those that a user writes, who is no administrator, at most 250 of that user.`;

export const CHANGING = `Drafts are changed and deleted by their user and by administrators, who alone delete what is submitted or approved
(409). What was submitted or approved is
reopened first (409). What was billed cannot be changed, reopened or deleted, and what it refers to cannot be deleted
(409): \`credit\` takes it back by an entry of its own.

A change of client, labour type or work_date, or \`hourly_rate: null\`, finds rate and rule anew. A work_date that was the
day of \`started_at\` follows it.`;

export const APPLIED_RULE: ApiPropertyOptions = {
  type: 'object',
  description: 'The rule that was applied, as it was then; null where there was none',
  required: ['rate_rule_id', 'increment_minutes', 'minimum_minutes', 'rounding', 'scope'],
  properties: {
    rate_rule_id: { type: 'string', format: 'uuid' },
    increment_minutes: { type: 'integer', example: 15 },
    minimum_minutes: { type: 'integer', example: 0 },
    rounding: { type: 'string', enum: [...ROUNDINGS] },
    scope: { type: 'string', enum: [...SCOPES] },
  },
};
