/** Systems of others that we exchange with. */
export const SYSTEMS = [
  'syncro',
  'autotask',
  'connectwise',
  'halo',
  'msp_backups',
  'zapier',
  'other',
] as const;
