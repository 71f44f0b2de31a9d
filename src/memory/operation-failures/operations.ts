/** What can fail. */
export const OPERATIONS = ['api_call', 'command', 'file_operation', 'network', 'database', 'other'] as const;
