import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { ValidationError } from '../../context/errors.js';
import { sharedAs } from '../shared-as.js';

/** `?resources=sites,contacts`, also named several times: the words; undefined when absent, which means all. */
@Injectable()
export class WordsPipe<T extends string = string> implements PipeTransform<
  string | string[] | undefined,
  T[] | undefined
> {
  /** @param choices the words that there are, where the route knows them; anything else is 422 then */
  constructor(
    private readonly field: string,
    private readonly choices?: readonly T[],
  ) {}

  transform(value: string | string[] | undefined): T[] | undefined {
    if (value === undefined) return undefined;
    const words = [value].flat().flatMap(text => text.split(','));
    const { choices } = this;
    if (!words.every((word): word is T => choices?.some(one => one === word) ?? true))
      throw ValidationError.of(this.field, `must be among ${choices?.join(', ')}`, 'enum');
    return words;
  }
}

/** What `WordsPipe` takes, in the document. */
export const DescribeWords = (name: string, description: string, choices?: readonly string[]) =>
  ApiQuery({
    name,
    required: false,
    style: 'form',
    explode: false,
    schema: { type: 'array', items: { type: 'string', ...(choices && { enum: [...choices] }) } },
    description,
    ...(!choices && sharedAs(name)),
  } as never);
