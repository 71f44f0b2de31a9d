import { Injectable, type PipeTransform } from '@nestjs/common';
import { ValidationError } from '../../context/errors.js';

/** `?count=` as a whole number from 1, or `least`, to a limit. */
@Injectable()
export class CountPipe implements PipeTransform<string | undefined, number> {
  constructor(
    private readonly fallback: number,
    private readonly most: number,
    private readonly options: { name?: string; least?: number } = {},
  ) {}

  transform(text: string | undefined): number {
    if (text === undefined) return this.fallback;
    const { name = 'count', least = 1 } = this.options;
    const value = typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= this.most))
      throw ValidationError.of(name, `must be a whole number from ${least} to ${this.most}`, 'range');
    return value;
  }
}
