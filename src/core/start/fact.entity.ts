import { Text } from '../table/field-decorators.js';
import { Stored } from '../table/stored.js';

/** What the main database knows of itself: the id of the installation. */
@Stored({ table: 'facts' })
export class Fact {
  @Text({ max: 64, primary: true }) name!: string;
  @Text() value!: string;
}
