import { isStrongWord } from '../../formats/redaction/prose-values.js';
import { redact } from '../../formats/redaction/redact.js';
import type { Finding } from './findings.js';

/** What stands in the place of a value, whatever its length is. */
export const MASK = '********';
/** A shorter secret is in any text. */
const LEAST = 4;

/** What may be shown of a finding: names and addresses in which people leave a password, too, are shown without it. */
export function previewOf({ service, username, url, secrets }: Finding) {
  const own = Object.values(secrets).filter(one => one.length >= LEAST);
  const clean = (text: string) =>
    redact(own.reduce((all, one) => all.replaceAll(one, MASK), text)).replace(/\S+/g, word =>
      isStrongWord(word) ? MASK : word,
    );
  return {
    service: clean(service),
    username: username === null ? null : clean(username),
    url: url === null ? null : redact(url.replace(/\/\/[^/]*@/, `//${MASK}@`)),
  };
}
