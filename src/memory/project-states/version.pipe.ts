import { Injectable, type PipeTransform } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';

/** The highest version that there may be. */
const LAST = 2_147_483_647;

/** `?before=` as a version; all of them when absent. */
@Injectable()
export class VersionPipe implements PipeTransform<unknown, number> {
  transform(text: unknown): number {
    if (text === undefined) return LAST;
    if (typeof text === 'string' && /^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw ValidationError.of('before', 'must be the number of a version, such as 12', 'range');
  }
}
