/** What an approval lets its requester do: reveal secrets, or make a policy looser. */
export const APPROVAL_PURPOSES = ['reveal', 'loosen'] as const;
export type ApprovalPurpose = (typeof APPROVAL_PURPOSES)[number];

/** What the actor wants to do and a second person has to approve. */
export interface ToApprove {
  of: 'credential' | 'client';
  id: string;
  purpose: ApprovalPurpose;
}

/** An approval that was used: by whom it was given, for the trail. */
export interface UsedApproval {
  approval_id: string;
  approved_by: string;
}

/** Second pairs of eyes; the vault, which has the requests, implements it. */
export abstract class Approvals {
  /** Whether the actor has an approval that holds now. It is not used up by that. */
  abstract has(wanted: ToApprove): Promise<boolean>;

  /** How the actor comes by one, or what became of the request, as the rest of a sentence. */
  abstract advice(wanted: ToApprove): Promise<string>;

  /** In the running unit: uses it, once and for all where it is good for one time. Undefined where none holds any more. */
  abstract use(wanted: ToApprove): Promise<UsedApproval | undefined>;
}
