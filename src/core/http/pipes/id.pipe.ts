import { Injectable, Param, type PipeTransform } from '@nestjs/common';
import { ValidationError } from '../../context/errors.js';
import { isUuid } from '../../database/values.js';

/** A UUID of the path or query, in lower case; anything else, and nothing, is 422. */
@Injectable()
export class IdPipe implements PipeTransform<string | undefined, string> {
  constructor(private readonly field = 'id') {}

  transform(value: string | undefined): string {
    if (value === undefined) throw ValidationError.of(this.field, 'is required', 'required');
    if (!isUuid(value)) throw ValidationError.of(this.field, 'must be a UUID', 'isUuid');
    return value.toLowerCase();
  }
}

/** A UUID of the path, in lower case; 422 for anything else. */
export const IdParam = (name = 'id') => Param(name, new IdPipe(name));
