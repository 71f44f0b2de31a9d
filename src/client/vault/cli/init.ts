import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { readBoundedValue, STANDARD_INPUT } from '../../../formats/bounded-input.js';
import type { Call } from '../../cli/command.js';
import { ClientError, EXIT, UsageError } from '../../cli/errors.js';
import { print, printNotice } from '../../cli/output.js';
import { askHidden } from '../../cli/secret-input.js';
import { surroundings } from '../../environment.js';
import { writePrivate } from '../../private-files.js';
import { requireNothing } from '../create.js';
import { readGuarded } from '../../disk/guarded-files.js';
import { ignoreInGit } from '../disk/ignored.js';
import { keyFile, parseKey } from '../sealed/key-source.js';
import { LocalVault } from '../local-vault.js';
import { foldersUpToRoot } from '../../disk/working-tree.js';
import { defaultVault, placesOf, VAULT_NAME } from '../disk/places.js';

/** Where the new vault goes: to what `OPSKEEP_VAULT` names, with `--here` to the project, else to the user's own place. */
function placeOf(call: Call): string {
  const folder = process.cwd();
  const root = foldersUpToRoot(folder).at(-1) ?? folder;
  if (call.flag('here')) return join(root, VAULT_NAME);
  const given = surroundings().variable('OPSKEEP_VAULT');
  return given ? resolve(folder, given) : defaultVault();
}

async function newPassphrase(): Promise<string> {
  const first = await askHidden('New passphrase: ');
  if (first === undefined) return readBoundedValue(STANDARD_INPUT, '');
  if ((await askHidden('The same again: ')) !== first)
    throw new ClientError('The two are not the same: nothing was made', EXIT.failed, 'passphrase');
  return first;
}

/** The key in a file; a new one is made where there is none. */
function keyIn(path: string): { key: string; made: boolean } {
  const there = readGuarded(path)?.toString('utf8').trim();
  if (there !== undefined) {
    parseKey(there, path);
    return { key: there, made: false };
  }
  const key = randomBytes(32).toString('base64url');
  writePrivate(path, `${key}\n`);
  ignoreInGit(path);
  return { key, made: true };
}

/** Makes a vault, and its key where it has none. */
export async function init(call: Call): Promise<void> {
  const file = call.value('key-file');
  if (file !== undefined && call.flag('passphrase'))
    throw new UsageError('A vault has a key or a passphrase: --key-file or --passphrase.');
  const path = placeOf(call);
  requireNothing(placesOf(path));
  const told = { path, key: 'environment', key_file: null as string | null };
  if (call.flag('passphrase')) {
    await LocalVault.create({ path, passphrase: await newPassphrase(), warn: printNotice });
    told.key = 'passphrase';
  } else if (file === undefined && surroundings().variable('FPAI_CREDENTIALS_KEY')) {
    await LocalVault.create({ path, warn: printNotice });
  } else {
    const keyPath = file ?? keyFile();
    const { key, made } = keyIn(keyPath);
    await LocalVault.create({ path, key, warn: printNotice });
    Object.assign(told, { key: made ? 'new file' : 'file', key_file: keyPath });
  }
  const how = {
    environment: 'It opens with FPAI_CREDENTIALS_KEY.',
    passphrase: 'It opens with the passphrase: nobody can tell you another one.',
    file: `It opens with the key in ${told.key_file}.`,
    'new file': `It opens with the key in ${told.key_file}, which is new: keep a copy of that file elsewhere.`,
  }[told.key];
  const isElsewhere = told.key_file !== null && told.key_file !== keyFile();
  const hint = isElsewhere ? ['OPSKEEP_VAULT_KEY_FILE must name that file.'] : [];
  print(call.json, told, () => [`Made ${path}.`, how, ...hint].join('\n'));
}
