import { UsageError } from '../../../failure.js';

/** `from=to` of --column. @throws UsageError */
export function renamedColumns(pairs: readonly string[]): Map<string, string> {
  return new Map(
    pairs.map(pair => {
      const at = pair.lastIndexOf('=');
      if (at < 1 || at === pair.length - 1)
        throw new UsageError('--column is told as name=field, such as title=service_name.');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
