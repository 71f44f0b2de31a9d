import type { Call } from '../cli/command.js';
import { printNotice } from '../cli/output.js';
import { groundsOf } from '../credential/grounds.js';
import { runChild } from './child.js';
import { childEnvironment } from './child-environment.js';
import { isMaskable, LEAST_LENGTH } from './masking/spellings.js';

/** Runs a program with the secrets in its environment that references name; nothing is started when one leads nowhere. */
export async function run(call: Call): Promise<number> {
  const { variables, secrets } = await childEnvironment({
    files: call.values('env-file'),
    vault: call.flag('vault'),
    grounds: await groundsOf(call),
  });
  for (const name of unmaskable(secrets))
    printNotice(`${name} is shorter than ${LEAST_LENGTH} characters, and is not masked in the output.`);
  return runChild(
    call.args,
    variables,
    secrets.map(one => one.value),
  );
}

const unmaskable = (secrets: { name: string; value: string }[]) =>
  new Set(secrets.filter(one => !isMaskable(one.value)).map(one => one.name));
