import { readBoundedValue, STANDARD_INPUT } from '../../../formats/bounded-input.js';
import type { Call } from '../../cli/command.js';
import { UsageError } from '../../cli/errors.js';
import { printNotice } from '../../cli/output.js';
import { askHidden } from '../../cli/secret-input.js';
import type { SetOptions } from '../local-vault.js';

/** The value from the place that the call names: the terminal or the standard input when it names none. */
export async function readValue(call: Call): Promise<string> {
  const insecure = call.value('value-insecure');
  const file = call.value('file');
  if (insecure !== undefined && file !== undefined)
    throw new UsageError('A value comes from one place: --file or --value-insecure.');
  if (insecure !== undefined) {
    printNotice('Other processes of this machine can read what stands on the command line.');
    return insecure;
  }
  const typed = file === undefined ? await askHidden('Value: ') : undefined;
  return typed ?? readBoundedValue(file ?? STANDARD_INPUT, 'The file that --file names');
}

/** What a call says of a value. */
export function readFacts(call: Call): SetOptions {
  const pairs = call.values('meta').map(one => {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(one) ?? [];
    if (name === '') throw new UsageError('--meta has the form name=value.');
    return [name, value] as const;
  });
  return {
    type: call.value('type'),
    service: call.value('service'),
    metadata: pairs.length > 0 ? Object.fromEntries(pairs) : undefined,
    expires_at: call.value('expires'),
  };
}
