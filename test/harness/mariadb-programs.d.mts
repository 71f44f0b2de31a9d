/**
 * The full path of a program of MariaDB.
 *
 * @throws Error naming the Debian package when there is no such program.
 */
export function program(name: string): string;
