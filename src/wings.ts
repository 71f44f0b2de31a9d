import type { Headings } from './core/document/make-document.js';
import { AccessModule } from './core/access/access.module.js';
import { CustomFieldsModule } from './core/custom-fields/custom-fields.module.js';
import { DirectoryModule } from './directory/directory.module.js';
import { EstateModule } from './estate/estate.module.js';
import { MemoryModule } from './memory/memory.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { VaultModule } from './vault/vault.module.js';
import { WorkModule } from './work/work.module.js';

/**
 * Headings of the document with the modules whose routes stand under them, in the order of work; a wing's tags
 * stand in the order of its imports.
 */
export const HEADINGS: Headings = {
  'Logging in': AccessModule,
  Directory: DirectoryModule,
  Estate: EstateModule,
  Work: WorkModule,
  Vault: VaultModule,
  Memory: MemoryModule,
  Operations: OperationsModule,
  'Custom fields': CustomFieldsModule,
};
