import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationFile, connectionOf } from '../configuration.js';
import { surroundings } from '../environment.js';
import { privateFolder } from '../private-files.js';
import { workIn } from '../project/project.js';
import { remoteOf } from '../project/repository.js';
import { serverFolder } from '../server-folder.js';
import { Spool } from '../spool/spool.js';
import { type Check, fault, fine } from './checks.js';
import { HOOK_EVENTS, ourScripts } from './entries.js';
import { placesOf, scriptFiles } from './places.js';
import { readSettings } from './settings-file.js';

/** What can be said without a server. */
export function localChecks(): Check[] {
  const known = connectionOf().url === undefined ? [] : [spool(), putAside()];
  return [configuration(), permissions(), ...installation(), project(), ...known];
}

function configuration(): Check {
  const name = 'configuration';
  const { url, token, fault: wrong } = connectionOf();
  const mend = 'opskeep hooks install --url URL --token FILE';
  if (surroundings().variable('OPSKEEP_HOOKS') === 'off')
    return fault(name, 'OPSKEEP_HOOKS is off: hooks do nothing', 'take OPSKEEP_HOOKS out of the environment');
  if (!url || !token) return fault(name, wrong ?? 'nothing is configured', mend);
  return fine(name, url);
}

function permissions(): Check {
  const name = 'permissions';
  const file = configurationFile();
  const { mode } = statSync(file, { throwIfNoEntry: false }) ?? {};
  if (mode === undefined) return fine(name, 'everything comes from the environment');
  if (surroundings().platform !== 'win32' && (mode & 0o077) !== 0)
    return fault(name, `others may read ${file}, and the token in it`, `chmod 600 "${file}"`);
  return fine(name, file);
}

function installation(): Check[] {
  const places = [false, true].map(isUser => placesOf({ flag: name => name === 'user' && isUser }));
  const mend = 'opskeep hooks install';
  const checks: Check[] = [];
  let some = false;
  for (const { settings, script: own } of places) {
    let scripts: ReturnType<typeof ourScripts>;
    try {
      scripts = ourScripts(readSettings(settings).value);
    } catch (error) {
      checks.push(fault('settings', (error as Error).message, `mend the JSON of ${settings}`));
      continue;
    }
    if (scripts.size === 0) continue;
    some = true;
    const missing = HOOK_EVENTS.filter(event => !scripts.has(event));
    checks.push(
      missing.length > 0
        ? fault('settings', `${settings} has no hook for ${missing.join(', ')}`, mend)
        : fine('settings', settings),
    );
    const { script, node } = [...scripts.values()][0] ?? { script: own, node: process.execPath };
    checks.push(scriptCheck(script, node, mend));
  }
  if (!some && checks.length === 0) {
    const told = places.map(one => one.settings).join(', nor in ');
    checks.push(
      fault('settings', `no hooks are installed: neither in ${told}`, `${mend}, here or with --user`),
    );
  }
  return checks;
}

function scriptCheck(script: string, node: string, mend: string): Check {
  const name = 'script';
  if (!existsSync(script)) return fault(name, `${script} is not there`, mend);
  if (!existsSync(node)) return fault(name, `Node.js is no longer at ${node}`, mend);
  const isOurs = scriptFiles(script).every(
    ({ brought, installed }) =>
      existsSync(installed) && readFileSync(installed).equals(readFileSync(brought)),
  );
  if (!isOurs) return fault(name, `${script} is of another version of Opskeep`, mend);
  return fine(name, script);
}

function project(): Check {
  const { project, repository } = workIn(process.cwd());
  const { name, remote } = project;
  const other = repository && remoteOf(repository);
  const why = other
    ? 'its git remote is a path of this machine, or no address that others could know it by'
    : 'there is no git remote';
  return fine('project', `${name} (${remote ?? `by its name: ${why}`})`);
}

const spoolOf = () => new Spool(serverFolder(connectionOf().url));

function spool(): Check {
  const { folder } = spoolOf();
  const path = join(folder, `.doctor-${process.pid}`);
  try {
    privateFolder(folder);
    writeFileSync(path, 'x', { mode: 0o600 });
    rmSync(path);
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    const mend =
      code === 'ENOSPC' ? 'make room on the disk' : `make ${folder} a folder that you may write to`;
    return fault('spool', `${folder} cannot be written to (${code})`, mend);
  }
  return fine('spool', folder);
}

function putAside(): Check {
  const spool = spoolOf();
  const count = spool.countFailed();
  return count === 0
    ? fine('put aside', 'nothing')
    : fault(
        'put aside',
        `${count} events are in ${spool.failed}`,
        'see hook.log, then: opskeep hooks upload --failed',
      );
}
