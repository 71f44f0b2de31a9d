/** Fields of a resource that may be left out on create, and yet not be null later. */
export const NOT_NULL: Record<string, string[]> = {
  'approval-requests': ['credential_id'],
  'credential-permissions': ['credential_id'],
};
