import { Injectable, PipeTransform } from '@nestjs/common';
import { ValidationError } from '../../context/errors.js';

/** One of the choices; the first where the request names none, 422 for anything else. */
@Injectable()
export class OneOfPipe<T extends string> implements PipeTransform<unknown, T> {
  constructor(
    private readonly field: string,
    private readonly choices: readonly [T, ...T[]],
  ) {}

  transform(value: unknown): T {
    const choice = value === undefined ? this.choices[0] : this.choices.find(one => one === value);
    if (choice === undefined)
      throw ValidationError.of(this.field, `must be one of ${this.choices.join(', ')}`, 'enum');
    return choice;
  }
}
