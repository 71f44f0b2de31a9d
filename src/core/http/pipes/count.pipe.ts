import { Injectable, type PipeTransform } from '@nestjs/common';
import { ValidationError } from '../../context/errors.js';

/** `?count=` as a whole number from 1 to a limit. */
@Injectable()
export class CountPipe implements PipeTransform<string | undefined, number> {
  constructor(
    private readonly fallback: number,
    private readonly most: number,
  ) {}

  transform(text: string | undefined): number {
    if (text === undefined) return this.fallback;
    const value = typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : NaN;
    if (!(value >= 1 && value <= this.most))
      throw ValidationError.of('count', `must be a whole number from 1 to ${this.most}`, 'range');
    return value;
  }
}
