import type { Settings } from '../../config/settings.js';
import { MasterKeyError } from './boot-errors.js';
import { ensureDevelopmentKey, readDevelopmentKey } from './development-key.js';
import { MasterKey } from './master-key.js';

const REREAD_MS = 5_000;
const HOW = `make one with "openssl rand -hex 32" and set API_KEY_MASTER_KEY or API_KEY_MASTER_KEY_FILE`;

export type MasterKeySettings = Pick<
  Settings,
  'NODE_ENV' | 'OPSKEEP_DATA' | 'API_KEY_MASTER_KEY' | 'API_KEY_MASTER_KEY_PREVIOUS'
>;

/** The master keys at hand: the first wraps, the others only unwrap. */
export class MasterKeys {
  private readAt = Date.now();

  /** @param reread gives the keys anew when an unknown id is met: another process may have rotated them */
  constructor(
    private keys: readonly MasterKey[],
    private readonly reread?: () => readonly MasterKey[],
  ) {}

  get current(): MasterKey {
    const [first] = this.keys;
    if (!first) throw new MasterKeyError(`API_KEY_MASTER_KEY is empty: ${HOW}`);
    return first;
  }

  get ids(): string[] {
    return this.keys.map(one => one.id);
  }

  find(id: string): MasterKey | undefined {
    const found = this.keys.find(one => one.id === id);
    if (found || !this.reread || Date.now() - this.readAt < REREAD_MS) return found;
    this.readAt = Date.now();
    try {
      this.keys = this.reread();
    } catch {
      return undefined; // a file that is just being written: the keys at hand stay good
    }
    return this.keys.find(one => one.id === id);
  }
}

function parseLines(text: string, setting: string): MasterKey[] {
  const lines = text.split('\n').map(line => line.trim());
  return lines.filter(line => line !== '').map(line => MasterKey.parse(line, setting));
}

/** One key a line, the first is current; those of API_KEY_MASTER_KEY_PREVIOUS come after them. */
function parseAll(settings: MasterKeySettings): MasterKey[] {
  const { OPSKEEP_DATA, API_KEY_MASTER_KEY: given, API_KEY_MASTER_KEY_PREVIOUS: before } = settings;
  const text = given ? given.reveal() : readDevelopmentKey(OPSKEEP_DATA);
  const keys = parseLines(text, given ? 'API_KEY_MASTER_KEY' : 'master.key');
  if (keys.length === 0) throw new MasterKeyError(`API_KEY_MASTER_KEY is empty: ${HOW}`);
  return before ? [...keys, ...parseLines(before.reveal(), 'API_KEY_MASTER_KEY_PREVIOUS')] : keys;
}

/**
 * The master keys that the settings give; in development one is made when there is none.
 *
 * @param reread reads the settings anew, for keys in files that are rotated while the server runs
 * @throws MasterKeyError, which names the setting and how to make a key
 */
export function loadMasterKeys(
  settings: MasterKeySettings,
  warn: (message: string) => void,
  reread: () => MasterKeySettings = () => settings,
): MasterKeys {
  if (!settings.API_KEY_MASTER_KEY) {
    if (settings.NODE_ENV === 'production')
      throw new MasterKeyError(`API_KEY_MASTER_KEY is not set, and production needs one: ${HOW}`);
    ensureDevelopmentKey(settings.OPSKEEP_DATA, warn);
  }
  return new MasterKeys(parseAll(settings), () => parseAll(reread()));
}
