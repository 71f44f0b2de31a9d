import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { BulkAnswer } from '../../core/resource/describe/answers.js';
import { resourceOf } from '../../core/resource/resource.js';
import { MoveTimesBody } from './billable-time.bodies.js';
import { BillableTime } from './billable-time.entity.js';

const spec = resourceOf(BillableTime);

/** An action on one entry that answers with it. */
export function Action(operationId: string, summary: string, description: string): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    ApiOperation({ operationId, summary, description }),
    ApiResponse({ status: 200, description: 'The entry', type: bodiesOf(spec).view }),
    ErrorsOf(404, 409),
  );
}

/** An action on many entries, with one result for each. */
export function ActionOnMany(operationId: string, summary: string): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    ApiOperation({
      operationId,
      summary,
      description:
        'Each entry by itself, under the rules of the action on one; or, with `atomic`, all or none: the first fault ' +
        'is the answer, with its place in `details.index`. Entries that are rounded together are settled once.',
    }),
    ApiBody({ type: MoveTimesBody }),
    ApiResponse({
      status: 200,
      description: 'One result for each of `ids`, in their order',
      type: BulkAnswer,
    }),
    ErrorsOf(404, 409),
  );
}

/** A day of the query. */
export const day = (name: string, description: string) =>
  ApiQuery({ name, required: false, description, schema: { type: 'string', format: 'date' } });
