/** A request for an approval, of one credential or one client. */
interface ApprovalEvent {
  request_id: string;
  credential_id: string | null;
  client_id: string | null;
  purpose: string;
  requester_id: string | null;
}

declare module '../core/events/events.js' {
  interface Events {
    /**
     * One actor has revealed MASS_REVEAL_LIMIT distinct credentials within the window; told again for each further one
     * while that is so.
     */
    'vault.mass_reveal': {
      actor_id: string;
      actor_name: string;
      /** Those that were not told of before. */
      credential_ids: string[];
      /** How many there were in all. */
      total: number;
    };
    /** With an access token was written more that looks like passwords than is compared with secrets in an hour. */
    'vault.many_guesses': { actor_id: string; actor_name: string; token_name: string };
    /** A sealed value did not open: altered, moved, or under another key. */
    'vault.opening_failed': { credential_id: string; field: string };
    /** Somebody asks for an approval; for those who could decide. */
    'vault.approval_requested': ApprovalEvent & { approver_ids: string[] };
    /** It was decided, withdrawn, revoked, used up, or it ended; for its requester. */
    'vault.approval_changed': ApprovalEvent & { status: string; actor_id: string };
    /** Somebody has opened secrets by a link; for who made it. */
    'vault.share_redeemed': {
      share_id: string;
      credential_id: string;
      created_by: string;
      views_left: number;
    };
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
