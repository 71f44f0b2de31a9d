import type { FirstAdmin } from '../core/start/first-admin.js';

const say = (line = '') => process.stdout.write(`${line}\n`);
/** For a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const passwordOf = (first: FirstAdmin) => first.password ?? '<OPSKEEP_ADMIN_PASSWORD>';
const addressOf = (port: number) => `http://localhost:${port}`;

/** Whoever may log in from now on. */
export function introduce(first: FirstAdmin): void {
  say('First administrator, shown this once:');
  say(`  email     ${first.email}`);
  say(`  password  ${passwordOf(first)}`);
  say();
}

export function greet(port: number): void {
  say(`Opskeep listens on ${addressOf(port)} (docs: ${addressOf(port)}/api/docs)`);
}

/** The first administrator's first request. */
export function suggest(port: number, first: FirstAdmin): void {
  say();
  say('Try it:');
  say(
    `  curl -s ${addressOf(port)}/api/auth/login -H 'content-type: application/json' ` +
      `-d ${quoted(JSON.stringify({ email: first.email, password: passwordOf(first) }))}`,
  );
}
