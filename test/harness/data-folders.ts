import { importFolder } from '../../src/commands/data/import-folder.js';
import { exportFolder, type ExportAsked } from '../../src/commands/data/export-folder.js';
import { systemActor } from '../../src/core/context/actor.js';
import { runAs } from '../../src/core/context/request-context.js';
import type { DataImportWish } from '../../src/operations/data-folders/data-import.service.js';
import type { TestApp } from '../app.js';
import { settingsOf } from './backing-up.js';

const untold = () => undefined;
export const asCommand = <T>(work: () => Promise<T>) => runAs(systemActor('command line'), work);

export const exported = (t: TestApp, folder: string, asked: Partial<ExportAsked> = {}) =>
  asCommand(() => exportFolder(t.app, folder, { file_format: 'ndjson', told: untold, ...asked }));

/** What the command does, without its process. */
export function imported(
  folder: string,
  environment: Record<string, string>,
  wish: Partial<DataImportWish> = {},
) {
  const { settings, logger } = settingsOf(environment);
  const whole = { isDry: false, begun: untold, checked: untold, stored: untold, ...wish };
  return importFolder(folder, settings, { ...whole, log: logger, as: asCommand });
}
