/** What is the same for every route, told once at the head of the document. */
export const INTRODUCTION = `The back office of a managed service provider: estate, work, and a vault whose every read is on the record.

**Log in** on the interactive page by its button Authorize, with email and password. Programs use \`POST /api/auth/login\`
and send the \`access_token\` as \`Authorization: Bearer …\`. Machines and helpers have access
tokens of their own (\`okt_…\`, \`POST /api/access-tokens\`), sent in the same way. Each route names the scope it needs; scopes are literal, so that
\`msp:admin\` does not imply \`msp:read\`. A row of a client that the caller may not see is 404, like one that does not exist.

**Lists** are pages: \`skip\` and \`limit\`, or, at constant cost, \`cursor\` with the \`next\` of the page before. Filters are
\`field=value\` (repeated: any of the values) and \`field__operator=value\`, whose operators are parameters of the list too:
\`ne\` (repeated: none of the values), \`in\` (separated by commas), \`gt\`, \`gte\`, \`lt\`, \`lte\`, \`startswith\`, \`isnull\`. An
unknown parameter is 422.

**Exports** as CSV put an apostrophe before text that a spreadsheet could calculate (a formula behind spaces or in
full-width characters too) and before an apostrophe: remove exactly one. Phone numbers of \`+\`, digits, spaces, dots and
parentheses, and plain negative numbers, have none.

**Writes** take \`If-Match\` with the ETag that was read (412 when it is stale), and POST takes an \`Idempotency-Key\`. Unknown
fields are 422. A read-only field may be sent back with the value it has, so that a row that was read can be sent as it is.

**Following** what happens: \`GET /api/changes\` tells what was created, changed and deleted, in order, for who keeps a copy,
and webhooks send the same to a server of yours. \`GET /api/expirations\` lists what ends soon, and \`GET /api/search\` finds rows of
every resource.

**Errors** of 400 and above, 500 too, have one shape, \`ErrorAnswer\`; \`details.errors\` names the first 20 faults together.
What any route may answer (401, 413, 415, 429, 503) is its \`default\`.

Times are ISO 8601 in UTC, money is decimal text, ids are UUIDs.`;

export const SCOPES_TOLD = `The \`access_token\` of \`POST /api/auth/login\`. The roles that a route lists are scopes, all of which the token must carry:

- \`msp:read\`: lists, single rows, search, exports
- \`msp:write\`: creating and changing, actions
- \`msp:admin\`: deleting, clients, users`;
