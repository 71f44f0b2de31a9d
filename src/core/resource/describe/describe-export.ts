import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ErrorsOf } from '../../http/errors/error-answer.js';
import { sharedAs } from '../../http/shared-as.js';
import { CHOICE, filterQueries } from './describe-list.js';
import { pluralOf, words } from './naming.js';
import type { ResourceSpec } from '../resource.js';

const DESCRIPTION = `A file of every row that the filters leave; the list with \`Accept: text/csv\` or
\`application/x-ndjson\` gives the same.

CSV has the columns in the order of \`fields\`, \`id\` first when it is not among them, and beside each reference the
name of what it refers to where you may see it (\`client_id\`, \`client_name\`). What is absent or empty is an empty cell;
a list is \`a; b\`, or JSON when the cell begins with \`[\`; a map is JSON. An apostrophe stands before text that a
spreadsheet could take for a formula and before an apostrophe: remove exactly one. Phone numbers of \`+\`, digits, spaces,
dots and parentheses have none.`;

/** The export of a resource as CSV or NDJSON. */
export function DescribeExport(spec: ResourceSpec): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: `export${pluralOf(spec)}`,
      summary: `Exports ${words(spec.path)} to a file`,
      description: DESCRIPTION.replaceAll(/(?<!\n)\n(?!\n)/g, ' '),
    }),
    ExportAnswer(spec.path),
    ...[...CHOICE, ...filterQueries(spec)].map(one => ApiQuery(one)),
    ErrorsOf(401, 403, 422),
  );
}

/** The form of a file, and the file. */
export function ExportAnswer(path: string): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'format',
      required: false,
      description: 'What the file is',
      schema: { type: 'string', enum: ['csv', 'ndjson'], default: 'csv' },
      ...sharedAs('format'),
    }),
    ApiQuery({
      name: 'bom',
      required: false,
      description: 'CSV begins with a byte order mark, by which Excel knows UTF-8',
      schema: { type: 'string', enum: ['true', 'false'] },
      ...sharedAs('bom'),
    }),
    ApiResponse({
      status: 200,
      description: 'The file',
      headers: {
        'Content-Disposition': {
          description: 'Its name, with the day of the export (UTC)',
          schema: { type: 'string', example: `attachment; filename="${path}-2026-01-31.csv"` },
        },
      },
      content: {
        'text/csv': {
          schema: { type: 'string', description: 'A line of column names, then a line for each row' },
        },
        'application/x-ndjson': { schema: { type: 'string', description: 'One JSON object on each line' } },
      },
    }),
  );
}
