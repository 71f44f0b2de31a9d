import { DECLARATIONS } from './declarations.js';

/** The environment for a program that the server starts: its own, without its secrets and the files that hold them. */
export function programEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const secrets = Object.entries(DECLARATIONS).filter(([, one]) => one.secret);
  const own = new Set(secrets.flatMap(([name]) => [name, `${name}_FILE`]));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.has(name)));
}
