import { UsageError } from '../../failure.js';

/**
 * What an option that is told `name=value`, as often as needed, says by name.
 *
 * @param option as it is called, with its form and an example for who writes it otherwise
 * @param sign which `=` divides, where a name or a value may hold one
 * @throws UsageError for a pair without a sign, a name or a value
 */
export function pairsOf(
  { option, form, example, sign }: { option: string; form: string; example: string; sign: 'first' | 'last' },
  pairs: readonly string[],
): Map<string, string> {
  return new Map(
    pairs.map(pair => {
      const at = sign === 'first' ? pair.indexOf('=') : pair.lastIndexOf('=');
      if (at < 1 || at === pair.length - 1)
        throw new UsageError(`${option} is told as ${form}, such as ${example}.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
