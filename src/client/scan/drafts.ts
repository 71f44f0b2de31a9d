import { basename, dirname, resolve } from 'node:path';
import { isSecretKey, type Key, keyOfVariable } from '../key-words/keys.js';
import { LOWEST_LEVEL, type Said } from './reading/said.js';
import { settledKey } from '../key-words/values.js';

/** What a file says of one service, by key. */
export interface Draft {
  service: string;
  /** Of the first secret. */
  line: number;
  values: Map<Key, string>;
  /** The variable that a secret stood in. */
  variables: Map<Key, string>;
}

const GENERIC =
  /^(?:the )?(?:credentials?|logins?|log ?in|access(?: data)?|passwords?|secrets?|keys?|accounts?|admin(?:istrator)?|users?|details|connection|web ?interface|zugangsdaten|zugang)$/i;
const MOST_OF_SERVICE = 255;

const plain = (text: string) =>
  text
    .replace(/[*`]+|(?<![\p{L}\p{N}])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![\p{L}\p{N}])/gu, '')
    .replace(/\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();

/** What is called so when nothing in the file says it: the file, or for one without a name of its own its folder. */
function nameOfFile(path: string): string {
  const [name = ''] = basename(path).split(/(?<=.)\./);
  return /^\.|^(?:readme|credentials?|passwords?|notes?|env)$/i.test(name)
    ? basename(dirname(resolve(path)))
    : name;
}

/** Puts together what belongs to one credential: below one heading, until a key comes again. */
export class Drafts {
  readonly found: Draft[] = [];
  private headings: { level: number; text: string }[] = [];
  private open = new Map<string, Draft>();

  constructor(private readonly path: string) {}

  take(said: Said[]): Draft[] {
    for (const one of said) this.add(one);
    return this.found.filter(one => [...one.values.keys()].some(isSecretKey));
  }

  private add(said: Said): void {
    if (said.kind === 'pair') this.put('', this.service(), said.key, said.value, said.line);
    else if (said.kind === 'variable') this.addVariable(said);
    else {
      this.open = new Map();
      const level = said.kind === 'end' ? LOWEST_LEVEL : said.level;
      this.headings = this.headings.filter(one => one.level < level);
      if (said.kind === 'heading') this.headings.push({ level, text: plain(said.text) });
    }
  }

  private addVariable({ name, value, line }: Said & { kind: 'variable' }): void {
    const known = keyOfVariable(name);
    if (!known) return;
    const { key, group } = known;
    this.put(group, group === '' ? this.service() : group, key, value, line, name);
  }

  private put(group: string, service: string, as: Key, value: string, line: number, variable?: string): void {
    const key = settledKey(as, value);
    if (!key) return;
    const before = this.open.get(group);
    if (before && key === 'notes' && before.values.has(key)) {
      before.values.set(key, `${before.values.get(key)}\n${value}`);
      return;
    }
    const draft =
      before && !before.values.has(key) ? before : { service, line, values: new Map(), variables: new Map() };
    if (draft !== before) {
      this.open.set(group, draft);
      this.found.push(draft);
    }
    if (isSecretKey(key) && ![...draft.values.keys()].some(isSecretKey)) draft.line = line;
    draft.values.set(key, value);
    if (variable !== undefined) draft.variables.set(key, variable);
  }

  /** The nearest heading that names something: below "Firewall", "Login" is the firewall's. */
  private service(): string {
    const names = this.headings.map(one => one.text).filter(text => text !== '');
    const name =
      names.findLast(text => !GENERIC.test(text)) ?? (nameOfFile(this.path) || names.at(-1) || 'unknown');
    return name.slice(0, MOST_OF_SERVICE);
  }
}
