declare module '../core/events/events.js' {
  interface Events {
    /** One actor has revealed more distinct credentials than MASS_REVEAL_LIMIT within the window. */
    'vault.mass_reveal': { actor_id: string; actor_name: string; credential_ids: string[] };
    /** A sealed value did not open: altered, moved, or under another key. */
    'vault.opening_failed': { credential_id: string; field: string };
    /** An administrator has opened a right to another one's private credential; for its owner. */
    'vault.break_glass': {
      actor_id: string;
      actor_name: string;
      credential_id: string;
      /** Null when nobody owns it any more. */
      owner_id: string | null;
      incident_id: string;
      expires_at: string;
    };
  }
}

export {};
