/** What kind of work it was: with the client, the key of its price. */
export const LABOUR_TYPES = ['remote', 'onsite', 'emergency', 'project', 'warranty', 'travel'] as const;
export type LabourType = (typeof LABOUR_TYPES)[number];

/** What an emergency costs more, unless a rule gives emergencies a rate of their own. */
export const EMERGENCY = '1.50';
