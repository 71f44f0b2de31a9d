/** The formats that are read, as `import-from` names them. */
export const SOURCES = ['bitwarden', 'keepass-csv', '1password-csv', 'itglue-csv', 'hudu-csv'] as const;
export type Source = (typeof SOURCES)[number];
