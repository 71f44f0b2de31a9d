import { Injectable, PipeTransform } from '@nestjs/common';
import { ValidationError } from '../context/errors.js';
import { isUuid } from '../database/values.js';

/** A UUID of the path, in lower case; anything else is 422. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  constructor(private readonly field = 'id') {}

  transform(value: string): string {
    if (!isUuid(value)) throw ValidationError.of(this.field, 'must be a UUID', 'isUuid');
    return value.toLowerCase();
  }
}
