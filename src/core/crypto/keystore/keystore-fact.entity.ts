import { field, Text } from '../../table/field-decorators.js';
import { Stored } from '../../table/stored.js';

/** What is known of the keystore: `install_id`, `sentinel`, and what a rotation that is under way is about. */
@Stored({ table: 'keystore_facts' })
export class KeystoreFact {
  @field({ kind: 'text', length: 64 }, [], { type: 'string' }, { primary: true }) name!: string;
  @Text() value!: string;
}
