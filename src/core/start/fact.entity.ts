import { Text } from '../resource/fields.js';
import { Stored } from '../resource/resource.js';

/** What the main database knows of itself: the id of the installation. */
@Stored({ table: 'facts' })
export class Fact {
  @Text({ max: 64, primary: true }) name!: string;
  @Text() value!: string;
}
