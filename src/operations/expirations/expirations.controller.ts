import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiQuery, type ApiQueryOptions, ApiResponse } from '@nestjs/swagger';
import { ValidationError } from '../../core/context/errors.js';
import { isUuid } from '../../core/database/values.js';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { CountPipe } from '../../core/http/pipes/count.pipe.js';
import { DescribeWords, WordsPipe } from '../../core/http/pipes/words.pipe.js';
import { sharedAs } from '../../core/http/shared-as.js';
import { DescribedTag } from '../../core/http/tags.js';
import { DescribePlaces, PlacesFrame } from '../../core/resource/describe/describe-places.js';
import { PlacesPipe, type PlacesQuery } from '../../core/resource/lists/places.pipe.js';
import type { CertificateOf } from './certificates.service.js';
import { type Expiration, type Expirations, ExpirationsService } from './expirations.service.js';
import { EXPIRATION_KINDS, type ExpirationKind } from './sources.js';

const WITHIN = { fallback: 30, most: 3_650 };
const WITHIN_DAYS = new CountPipe(WITHIN.fallback, WITHIN.most, { name: 'within_days', least: 0 });
const KINDS = new WordsPipe('kinds', EXPIRATION_KINDS);

class CertificateAnswer implements CertificateOf {
  @ApiProperty({ type: 'string', nullable: true, example: 'CN=mail.example' }) subject!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) issuer!: string | null;
  @ApiProperty({ type: [String], nullable: true, description: 'Names and addresses that it is for' })
  names!: string[] | null;
}

class ExpirationAnswer implements Expiration {
  @ApiProperty({
    enum: EXPIRATION_KINDS,
    description:
      '`rotation`: a secret is to be rotated by then; `deadline`: of an incident, of which nobody was notified yet',
  })
  kind!: ExpirationKind;
  @ApiProperty({ format: 'date-time', description: 'A date alone counts from its start in UTC' }) at!: string;
  @ApiProperty({
    type: 'integer',
    description:
      'Whole days from now, or of the calendar (UTC) where a date alone ends it; negative when it is over',
  })
  days_left!: number;
  @ApiProperty({ example: 'credentials', description: 'The path of the resource' }) resource!: string;
  @ApiProperty({ format: 'uuid', description: 'Of the row' }) id!: string;
  @ApiProperty({ type: 'string', nullable: true }) name!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) client_id!: string | null;
  @ApiProperty({ type: CertificateAnswer, nullable: true, description: 'Of the kind `certificate` alone' })
  certificate!: CertificateAnswer | null;
}

class ExpirationPage extends PlacesFrame implements Expirations {
  @ApiProperty({ type: [ExpirationAnswer], description: 'The most pressing first' })
  items!: ExpirationAnswer[];
}

@DescribedTag(
  'expirations',
  'What ends soon or has ended: credentials, certificates, grants, tokens, warranties, domains, deadlines.',
)
@ApiController('expirations')
export class ExpirationsController {
  constructor(private readonly service: ExpirationsService) {}

  @Get()
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'listExpirations',
    summary: 'Lists what ends within some days, and what has ended and was not mended',
    description:
      'Of what the caller sees: credentials in use that expire or are to be rotated, their certificates, grants and ' +
      'access tokens, warranties of what is not decommissioned, domains, and deadlines of incidents.',
  })
  @ApiQuery({
    name: 'within_days',
    required: false,
    schema: { type: 'integer', minimum: 0, maximum: WITHIN.most, default: WITHIN.fallback },
  })
  @DescribeWords('kinds', 'All when absent', EXPIRATION_KINDS)
  @ApiQuery({
    name: 'client_id',
    required: false,
    schema: { type: 'string', format: 'uuid' },
    description: 'Of this client alone',
    ...sharedAs('of.client_id'),
  } as ApiQueryOptions)
  @DescribePlaces()
  @ApiResponse({ status: 200, description: 'A page', type: ExpirationPage })
  @ErrorsOf(401, 403, 422)
  list(@Query(new PlacesPipe('within_days', 'kinds', 'client_id')) { limit, query }: PlacesQuery) {
    const [client_id, ...more] = [query.client_id ?? []].flat();
    if (more.length > 0 || (client_id !== undefined && !isUuid(client_id)))
      throw ValidationError.of('client_id', 'must be a UUID', 'isUuid');
    const kinds = KINDS.transform(query.kinds);
    return this.service.list({
      within_days: WITHIN_DAYS.transform(query.within_days as string | undefined),
      limit,
      ...(kinds && { kinds }),
      ...(client_id && { client_id: client_id.toLowerCase() }),
      ...(query.cursor !== undefined && { cursor: query.cursor }),
    });
  }
}
