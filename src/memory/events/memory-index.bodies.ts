import { Injectable, type PipeTransform } from '@nestjs/common';
import { IsInt, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { validateBody } from '../../core/http/pipes/body.pipe.js';
import { IfSent, Normalized } from '../../core/resource/bodies/body-decorators.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';

/** Which project is meant, and how much may be said. */
export class IndexQuery {
  @IfSent()
  @Normalized({ column: { length: 500 } })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  remote?: string;

  @IfSent()
  @Normalized({ column: { length: 255 } })
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  name?: string;

  @IfSent()
  @IsInt()
  @Min(50)
  @Max(20_000)
  max_tokens?: number;
}

/** The query of a GET, with its number as one. */
@Injectable()
export class IndexQueryPipe implements PipeTransform<RawQuery, Promise<IndexQuery>> {
  transform({ max_tokens, ...query }: RawQuery): Promise<IndexQuery> {
    const isNumber = typeof max_tokens === 'string' && /^\d{1,9}$/.test(max_tokens);
    const given = isNumber ? Number(max_tokens) : max_tokens;
    return validateBody(IndexQuery, given === undefined ? query : { ...query, max_tokens: given });
  }
}
