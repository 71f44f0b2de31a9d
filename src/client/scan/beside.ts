import { redact } from '../../formats/redaction/redact.js';
import type { Finding } from './findings.js';
import { previewOf } from './preview.js';

/** Shorter ones are in any text. */
const LEAST_SECRET = 5;
const MOST_OF_SERVICE = 255;

/** What a finding says beside its secrets, where that holds another secret, or one of its own once more. */
function tellingParts({ service, username, url, notes, secrets, ...rest }: Finding): [string, string][] {
  const clean = previewOf({ service, username, url, notes, secrets, ...rest });
  const own = Object.values(secrets).filter(one => one.length >= LEAST_SECRET);
  const tells = (text: string) => redact(text) !== text || own.some(one => text.includes(one));
  const parts: [string, string | null, boolean][] = [
    ['Service', service, clean.service !== service],
    ['User name', username, clean.username !== username],
    ['Address', url, url !== null && tells(url)],
    ['Notes', notes, notes !== null && tells(`Notes: ${notes}`)],
  ];
  return parts.flatMap(([name, text, isTelling]) => (isTelling && text !== null ? [[name, text]] : []));
}

/**
 * A finding as it is stored. Names, addresses and notes stand in the clear there: one that holds a secret goes, as it was
 * written, into a shared secret of its own behind the finding, and leaves what may be seen of it.
 */
export function withSealedBeside(one: Finding): Finding[] {
  const telling = tellingParts(one);
  if (telling.length === 0) return [one];
  const names = telling.map(([name]) => name);
  const { service, username } = previewOf(one);
  const notes = names.includes('Notes') ? null : one.notes;
  const kept: Finding = {
    ...one,
    service,
    username,
    url: names.includes('Address') ? null : one.url,
    notes: [notes, `Sealed beside it: ${names.join(', ')}`].filter(text => text !== null).join('\n'),
  };
  const beside: Finding = {
    ...{ file: one.file, line: one.line, type: 'shared_secret' },
    service: `${service.slice(0, MOST_OF_SERVICE - 'beside it: '.length)}: beside it`,
    ...{ username: null, url: null, port: null, notes: null, variables: {} },
    secrets: { shared_secret: telling.map(([name, text]) => `${name}: ${text}`).join('\n') },
    isBeside: true,
  };
  return [kept, beside];
}
