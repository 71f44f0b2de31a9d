import { type KnownSecrets, masked as maskedIn, type Mask, textsIn } from '../../redaction/known-secrets.js';
import { redactFields } from '../../redaction/redact-fields.js';
import type { FieldSpec } from '../../table/field-spec.js';
import { nextTurn, turnIsOver } from '../../workers/turns.js';
import type { ResourceSpec } from '../resource.js';

type Body = Record<string, unknown>;

const isFreeText = ({ column, reference, choices, readOnly, internal }: FieldSpec) =>
  ['text', 'long', 'json'].includes(column.kind) && !reference && !choices && !readOnly && !internal;

/**
 * A body with secrets masked where the resource says so (`redacts`), by their shape and by their value; what grew beyond
 * its column is cut.
 *
 * @param known what masks those that are known by their value; looked for when it is not given
 */
export async function maskedBody(
  spec: ResourceSpec,
  body: Body,
  secrets: KnownSecrets | undefined,
  known?: { mask: Mask | undefined },
): Promise<Body> {
  const fields = maskedFields(spec);
  if (fields.length === 0) return body;
  const masked = await redactFields(
    body,
    fields.map(one => one.name),
  );
  const { mask } = known ?? {
    mask: await secrets?.maskFor(fields.flatMap(one => [...textsIn(masked[one.name])])),
  };
  for (const { name, column } of fields) {
    if (turnIsOver()) await nextTurn();
    if (mask && masked[name] !== undefined) masked[name] = maskedIn(masked[name], mask);
    const value = masked[name];
    if (column.length !== undefined && typeof value === 'string')
      masked[name] = value.slice(0, column.length);
  }
  return masked;
}

/** What masks the secrets of many bodies, which are looked for together; they need not be valid. */
export async function maskOfAll(
  spec: ResourceSpec,
  bodies: readonly unknown[],
  secrets: KnownSecrets | undefined,
): Promise<{ mask: Mask | undefined }> {
  const names = maskedFields(spec).map(one => one.name);
  return { mask: names.length === 0 ? undefined : await secrets?.maskFor(textsOf(bodies, names)) };
}

function* textsOf(bodies: readonly unknown[], names: readonly string[]): Generator<string, void, undefined> {
  for (const body of bodies)
    if (typeof body === 'object' && body !== null)
      for (const name of names) yield* textsIn((body as Body)[name]);
}

function maskedFields({ redacts, fields }: ResourceSpec): FieldSpec[] {
  if (!redacts) return [];
  return fields.filter(one => (redacts === true ? isFreeText(one) : redacts.includes(one.name)));
}
