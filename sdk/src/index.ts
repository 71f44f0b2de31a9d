export { createOpskeep, type Opskeep, type OpskeepOptions } from './opskeep.js';
export { type ErrorCode, OpskeepConnectionError, OpskeepError } from './errors.js';
export type { Login, Token, Tokens, TokenStorage } from './session.js';
export type { Change, ChangeFeed, ChangesInit } from './changes.js';
export type { ExportedFile, ExportedRow, ExportPath } from './exports.js';
export {
  type ImportedFile,
  type ImportedResource,
  type ImportInit,
  type ImportJob,
  OpskeepImportError,
} from './imports.js';
export type { ReportInit, ReportName } from './reports.js';
export type { ItemOf, ListInit, ListPath } from './pages.js';
export type { Call, DataOf, InitOf, PathOf } from './calls.js';
export type { paths } from './schema.js';

import type { components } from './schema.js';
/** The shapes of what is sent and answered: `Schemas['Site']`, `Schemas['CreateSite']`. */
export type Schemas = components['schemas'];
