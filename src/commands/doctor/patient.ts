import type { Source } from '../../core/config/load-settings.js';
import type { AppSettings } from '../../core/config/settings.js';
import type { Keystore } from '../../core/crypto/keystore/keystore.js';
import type { MasterKeys } from '../../core/crypto/master-key/master-key-set.js';
import type { MainDatabase } from '../../core/database/main-database.js';
import type { Progress } from '../output.js';

/** The settings and where each comes from; `files` are those that `<NAME>_FILE` names. */
export interface Configured {
  settings: AppSettings;
  sources: Record<string, Source>;
  files: Record<string, string>;
}

/** An installation that could be opened, as it is: nothing was migrated or made. */
export interface Patient extends Configured {
  main: MainDatabase;
  keystore: Keystore;
  masterKeys: MasterKeys;
  progress: Progress;
}
