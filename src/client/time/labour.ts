/** What time was worked for, as the server has it. */
export const LABOUR: readonly string[] = ['remote', 'onsite', 'emergency', 'project', 'warranty', 'travel'];
