import { redactFields } from '../../redaction/redact-fields.js';
import type { FieldSpec } from '../../table/field-spec.js';
import type { ResourceSpec } from '../resource.js';

type Body = Record<string, unknown>;

const isFreeText = ({ column, reference, choices, readOnly, internal }: FieldSpec) =>
  ['text', 'long', 'json'].includes(column.kind) && !reference && !choices && !readOnly && !internal;

/** A body with secrets masked where the resource says so (`redacts`); what grew beyond its column is cut. */
export async function maskedBody(spec: ResourceSpec, body: Body): Promise<Body> {
  const { redacts } = spec;
  if (!redacts) return body;
  const fields = spec.fields.filter(one => (redacts === true ? isFreeText(one) : redacts.includes(one.name)));
  const masked = await redactFields(
    body,
    fields.map(one => one.name),
  );
  for (const { name, column } of fields) {
    const value = masked[name];
    if (column.length !== undefined && typeof value === 'string')
      masked[name] = value.slice(0, column.length);
  }
  return masked;
}
