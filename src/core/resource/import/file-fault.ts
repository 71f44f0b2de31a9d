import { ValidationError } from '../../context/errors.js';

/**
 * What is wrong with a file as a whole: nothing of it, or nothing behind this line, can be read.
 *
 * @param line of the file, from 1
 */
export function fileFault(message: string, rule: string, line?: number): ValidationError {
  const said = line === undefined ? message : `line ${line} ${message}`;
  const whole = line === undefined ? `The file ${message}` : `Line ${line} of the file ${message}`;
  return new ValidationError([{ field: 'file', message: said, rule }], whole, { line });
}
