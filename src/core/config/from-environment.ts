import { Secret } from './settings.js';

/** A secret that the environment holds under a name which the operator has told; undefined when it is absent or empty. */
export function secretFromEnvironment(
  name: string,
  environment: NodeJS.ProcessEnv = process.env,
): Secret | undefined {
  const value = environment[name];
  return value ? new Secret(value) : undefined;
}
