/** What became of a credential that was to be stored. */
export interface Outcome {
  result: 'stored' | 'there already' | 'refused';
  /** What it is called there: an id of the server, or names in the vault. */
  as?: string;
  /** Ids of credentials of the same service with the same secret. */
  duplicates?: string[];
  /** Why it was refused. */
  reason?: string;
}
