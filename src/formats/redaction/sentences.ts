import { looksChosen } from './values.js';

/** What goes on with a sentence where a secret might stand: "enable password caching", "vault login failed". */
const PROSE = new Set(
  [
    'authentication policy policies reset resets rotation expiry expiration encryption hashing hash hashes protection manager management sync synchronization writeback history complexity length strength requirements requirement rules rule prompt prompts recovery vault vaults store storage field fields hint hints age string strings scanning sharing server login logins combination pair pairs caching page pages screen mode modes rate rates option options flag flags switch parameter parameters argument arguments names name list lists entry entries attempt attempts error errors failure failures mismatch mismatches issue issues problem problems update updates',
    'change changes changed expires expired encrypted protected based failed fails failing works worked missing rejected updated differs differ wrong incorrect invalid unknown denied locked disabled enabled required needed broken slow down stored kept held listed shown found printed rotated leaked hangs refused removed lost revoked pending stale unset exchanged attached timeout typo twice asks ask see use same',
    'for to and or is was were are in on with without via from of the a an by at as only always never after before again if when through here there now today tomorrow yesterday manually automatically later soon this that these those it its they we you who which what should must may can could will would has have had does do did not needs need self-service',
    'char chars character characters digit digits try tries time times day days week weeks month months hour hours minute minutes',
  ]
    .join(' ')
    .split(' '),
);
/** Words that are passwords in so many places that they are secrets where one may stand. */
const DEFAULTS = /^(?:cisco|admin|public|private|tiger|changeme|letmein|qwerty|welcome|toor)$/i;
/** Behind it another word that belongs to a sentence, not to what a command or a line of SQL takes next. */
const GOES_ON =
  /^[ \t]{1,4}(?!(?:as[ \t]{1,4}sys\w*|ro|rw|view|ipv6|nocatalog|catalog|target|auxiliary|default|account|quota|temporary|profile|replace)\b)[a-z]{2,32}[.,;:!?]?(?:\s|$)/i;

/** Behind it a word that no command takes. */
const JOINS =
  /^[ \t]{1,4}(?:the|an|in|for|to|and|or|is|was|are|of|it|its|again|about|by|with|from|on|when|if|that|this|both|not|a[ \t][a-z]{3,32})(?:[ \t.,;]|$)/;

const bare = (value: string) => value.replace(/[.,:;!?]{1,3}$/, '');

/** Whether a value is a word that goes on with a sentence. */
export function isProse(value: string): boolean {
  return PROSE.has(bare(value).toLowerCase());
}

/** Whether a value is a word, or a number of up to three digits: a sentence may have it as well as a secret may be it. */
export function isPlain(value: string): boolean {
  const word = bare(value);
  return /^\d{0,3}$/.test(word) || !(/^\\?["']/.test(value) || looksChosen(word));
}

/** Whether a word is a password that is known everywhere. */
export function isDefault(value: string): boolean {
  return DEFAULTS.test(value);
}

/** Whether a sentence goes on in this text, which follows a value. */
export function goesOn(after: string): boolean {
  return GOES_ON.test(after);
}

/** Whether what follows a value is joined to it as only sentences do. */
export function isJoined(after: string): boolean {
  return JOINS.test(after);
}

const COMMAND =
  /(?:^|[|;&(`"'$#>%]|^[-*] )[ \t]{0,8}(?:(?:sudo|doas|time|nohup|exec|env|python[\d.]{0,4}|proxychains4?|[A-Z_]{1,32}=[^\s"']{0,32})[ \t]{1,4}){0,4}(?:(?:docker|podman|kubectl|ssh)[ \t]{1,4}(?:[^\s"'|;&]{1,60}[ \t]{1,4}){1,8})?(?:[^\s"'|;&(`$#>%]{0,80}[/\\])?$/;

/** Whether a program is called there: at the beginning of a line, behind a prompt, a quote, or what joins commands. */
export function isCalled(line: string, at: number): boolean {
  const from = Math.max(0, at - 80);
  return COMMAND.test((from > 0 ? 'a ' : '') + line.slice(from, at));
}
