import type { RecallEntry } from './recall-entry.entity.js';

/** Where to look. */
export interface Scope {
  project_id?: string;
  client_id?: string;
  /** Names of resources. */
  types?: readonly string[];
  /** ISO 8601: what came later is not there. */
  as_of?: string;
}

/** An entry that may answer a question, with all of its terms. */
export interface Candidate extends RecallEntry {
  terms: string[];
}
