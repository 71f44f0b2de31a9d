/**
 * A folder of mode 0700 for everything temporary of a run: in memory, where the system has room for it, because every
 * commit waits for the disk.
 */
export function makeRunFolder(): string;
