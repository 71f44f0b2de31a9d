declare module '../../core/events/events.js' {
  interface Events {
    /** One actor has revealed more distinct credentials than MASS_REVEAL_LIMIT within the window. */
    'vault.mass_reveal': { actor_id: string; actor_name: string; credential_ids: string[] };
    /** A sealed value did not open: altered, moved, or under another key. */
    'vault.opening_failed': { credential_id: string; name: string; field: string };
  }
}

export {};
