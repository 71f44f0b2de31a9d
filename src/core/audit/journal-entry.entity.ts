import { field, Choice, LongText, Moment, Text, Uuid, Whole } from '../table/field-decorators.js';
import { Stored } from '../table/stored.js';

export const OUTCOMES = ['ok', 'refused', 'failed'] as const;
/** `token`: a user, by an access token. */
export const ACTOR_TYPES = ['user', 'token', 'system', 'anonymous'] as const;
export type ActorType = (typeof ACTOR_TYPES)[number];
export type Outcome = (typeof OUTCOMES)[number];

/** What the views of the trail filter by: each has an index with the time. */
export const JOURNAL_FILTERS = [
  'actor_id', 'token_id', 'client_id', 'resource_type', 'resource_id', 'action', 'outcome', 'ip',
] as const; // prettier-ignore

const Numbered = (generated: boolean) =>
  field(
    { kind: 'big' },
    [],
    { type: 'integer' },
    { primary: generated, generated, optional: !generated, unique: !generated },
  );

/**
 * One entry of the append-only journal (docs/architecture.md). `n` is the key and its gaps mean nothing; `seq` is
 * null until the entry is sequenced. The MAC covers everything else, as it is stored. No foreign keys: an
 * entry outlives whatever it tells of.
 */
@Stored({
  table: 'journal',
  indexes: [...JOURNAL_FILTERS.map(name => [name, 'at']), ['request_id']],
})
export class JournalEntry {
  @Numbered(true) n!: number;
  @Uuid({ unique: true }) id!: string;
  @Numbered(false) seq!: number | null;
  @Moment() at!: string;
  @Choice(ACTOR_TYPES, { index: false }) actor_type!: ActorType;
  @Text({ max: 100, optional: true }) actor_id!: string | null;
  @Text({ optional: true }) actor_name!: string | null;
  @Text({ max: 60 }) action!: string;
  @Text({ max: 60, optional: true }) resource_type!: string | null;
  @Text({ max: 100, optional: true }) resource_id!: string | null;
  @Uuid({ optional: true }) client_id!: string | null;
  @Text({ max: 500, optional: true }) name!: string | null;
  @Choice(OUTCOMES, { index: false }) outcome!: Outcome;
  @Text({ max: 45, optional: true }) ip!: string | null;
  @Text({ max: 300, optional: true }) user_agent!: string | null;
  /** Ours; also in the answer and in the log. */
  @Text({ max: 100, optional: true }) request_id!: string | null;
  /** What the client called its request, if it did. */
  @Text({ max: 100, optional: true }) client_request_id!: string | null;
  /** The access token by which the actor acted, if by one. */
  @Uuid({ optional: true }) token_id!: string | null;
  /** JSON, stored byte for byte because the MAC covers it. */
  @LongText({ optional: true }) details!: string | null;
  /** JSON {field: [before, after]} of what is not secret. */
  @LongText({ optional: true }) changes!: string | null;
  @Text({ max: 64 }) mac!: string;
  @Whole({ index: false }) mac_key_version!: number;
}

/** The columns that the MAC covers, in this order; see `journal-mac.ts`. Those of LATER only where they are set. */
export const MAC_COLUMNS = [
  'id', 'at', 'actor_type', 'actor_id', 'actor_name', 'action', 'resource_type', 'resource_id', 'client_id', 'name',
  'outcome', 'ip', 'user_agent', 'request_id', 'details', 'changes', 'mac_key_version',
] as const; // prettier-ignore
/** Columns that came later: entries from before have a MAC without them. */
export const LATER_MAC_COLUMNS = ['client_request_id', 'token_id'] as const;
