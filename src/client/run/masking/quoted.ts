const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`;
const hex = (number: number, mark: string, digits: number) =>
  `\\${mark}${number.toString(16).padStart(digits, '0')}`;

/** What an escape of one letter stands for, as bash writes it between `$'` and `'`. */
const LETTERS: Record<string, string> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\u001b': '\\E',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** Between `$'` and `'` (bash, "ANSI-C Quoting"); in a locale without UTF-8 every byte of another letter is octal. */
function ansiC(secret: string, unfit: RegExp): string {
  const escaped = secret.replace(/['\\]/g, '\\$&');
  return escaped.replace(
    unfit,
    sign => LETTERS[sign] ?? [...Buffer.from(sign)].map(byte => octal(byte)).join(''),
  );
}

/** As shells quote: `declare -p`, `export -p`, `printf %q`, `set -x`. */
export function shellSpellings(secret: string): string[] {
  return [
    secret.replaceAll("'", "'\\''"),
    secret.replaceAll("'", `'"'"'`),
    secret.replace(/["$`\\]/g, '\\$&'),
    secret.replace(/[ \t!"$&'()*,;<>?[\\\]^`{|}]|^[#~]/g, '\\$&'),
    ansiC(secret, /\p{Cc}/gu),
    ansiC(secret, /[^\x20-\x7e]/gu),
  ];
}

const PYTHON: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** As Python shows a text: `repr` leaves letters, `ascii` does not, and bytes are told one by one. */
export function pythonSpellings(secret: string): string[] {
  const plain = secret.replaceAll('\\', '\\\\');
  const code = (sign: string) => {
    const number = sign.codePointAt(0) ?? 0;
    return number < 0x100
      ? hex(number, 'x', 2)
      : number < 0x1_0000
        ? hex(number, 'u', 4)
        : hex(number, 'U', 8);
  };
  const bytes = (sign: string) => [...Buffer.from(sign)].map(byte => hex(byte, 'x', 2)).join('');
  const all = [
    plain.replace(/\p{Cc}/gu, sign => PYTHON[sign] ?? code(sign)),
    plain.replace(/[^\x20-\x7e]/gu, sign => PYTHON[sign] ?? code(sign)),
    plain.replace(/[^\x20-\x7e]/gu, sign => PYTHON[sign] ?? bytes(sign)),
  ];
  return [...all, ...all.map(text => text.replaceAll("'", "\\'"))];
}

/** As SQL and CSV double a quote, and as MySQL escapes it. */
export function sqlSpellings(secret: string): string[] {
  return [
    secret.replaceAll("'", "''"),
    secret.replaceAll('"', '""'),
    secret.replace(/['"\\]/g, '\\$&'),
    secret.replaceAll('\\', '\\\\').replaceAll("'", "''"),
  ];
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** In Base32 (RFC 4648) from its beginning: what depends on it alone, whatever follows, and the whole of it. */
export function base32Spellings(secret: string): string[] {
  let text = '';
  let [bits, count] = [0, 0];
  const bytes = Buffer.from(secret);
  for (const byte of bytes) {
    [bits, count] = [((bits << 8) | byte) & 0xfff, count + 8];
    for (; count >= 5; count -= 5) text += ALPHABET[(bits >> (count - 5)) & 31];
  }
  const whole = count === 0 ? text : text + ALPHABET[(bits << (5 - count)) & 31];
  const all = [text, whole, whole.padEnd(Math.ceil(whole.length / 8) * 8, '=')];
  return [...all, ...all.map(one => one.toLowerCase())];
}
