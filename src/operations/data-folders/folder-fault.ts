import { ValidationError } from '../../core/context/errors.js';

/** What is wrong with a folder, or with a row of one of its files. */
export interface RowFault {
  /** `sites.csv row 12: network_subnet` */
  field: string;
  message: string;
  rule: string;
}

/** Faults that are told one by one. */
const MOST_TOLD = 20;

export const folderFault = (file: string, message: string): ValidationError =>
  new ValidationError([{ field: file, message, rule: 'folder' }], `${file} ${message}`);

/** Gathers faults: the first ones as they are, and how many there were. */
export class RowFaults {
  private readonly told: RowFault[] = [];
  private count = 0;

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
