import { type FieldFault, ValidationError } from '../../core/context/errors.js';

/** Faults that are told one by one. */
const MOST_TOLD = 20;

export const folderFault = (file: string, message: string): ValidationError =>
  new ValidationError([{ field: file, message, rule: 'folder' }], `${file} ${message}`);

/** Gathers faults: the first ones as they are, and how many there were. */
export class RowFaults {
  private readonly told: FieldFault[] = [];
  private count = 0;

  /** Its field is `sites.csv row 12: network_subnet`. */
  add(file: string, row: number, message: string, rule: string, field?: string): void {
    if (++this.count <= MOST_TOLD)
      this.told.push({ field: `${file} row ${row}${field ? `: ${field}` : ''}`, message, rule });
  }

  /** @throws ValidationError where there were some */
  refuse(): void {
    if (this.count === 0) return;
    const more = this.count - this.told.length;
    const rest = more > 0 ? [{ field: `and ${more} more`, message: 'rows and fields', rule: 'folder' }] : [];
    throw new ValidationError([...this.told, ...rest], 'The rows of the folder are not valid');
  }
}
