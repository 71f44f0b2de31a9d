import {
  ArrayMaxSize,
  IsArray,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateIf,
  validateSync,
} from 'class-validator';
import { Transform } from 'class-transformer';
import { ApiProperty, type ApiPropertyOptions, ApiPropertyOptional } from '@nestjs/swagger';
import { defaultOf, type FieldSpec, isRequired, type Type } from '../../table/field-spec.js';
import type { ResourceSpec } from '../resource.js';
import { IsVisible } from '../../table/validators.js';
import { Normalized, normalizeText } from './body-decorators.js';
import { MAX_TAGS, TAG_NAME } from '../tags/tagging.js';

/** The derived bodies of a resource, as named classes: what validates is what the document shows. */
export interface Bodies {
  create: Type;
  update: Type;
  /** What an answer holds. */
  view: Type;
  /** What create and update answer with. */
  written: Type;
  /** What `get` may answer with: the view and, where there are any, the opened secrets. */
  revealed: Type;
}

const BODIES = new WeakMap<ResourceSpec, Bodies>();

function named(name: string): Type {
  return { [name]: class {} }[name] as Type;
}

function schema(field: FieldSpec): ApiPropertyOptions {
  return { ...field.api, nullable: field.nullable || undefined } as ApiPropertyOptions;
}

/** A default that is made anew for each row is told when it is the same each time: a list. */
function defaultShown(field: FieldSpec): ApiPropertyOptions {
  const made = defaultOf(field);
  const fixed = typeof field.default !== 'function' || Array.isArray(made);
  return made === undefined || !fixed ? {} : { default: made };
}

/** Absent is allowed where the field is not required; null only where the field has a null. */
function presence(field: FieldSpec, required: boolean): PropertyDecorator[] {
  const { name, nullable } = field;
  if (required) return [];
  return [
    ValidateIf(
      (body: Record<string, unknown>) => body[name] !== undefined && !(nullable && body[name] === null),
    ),
  ];
}

/** Gives a body class a field: its rules, how it is normalized, and its place in the document. */
export function addField(type: Type, field: FieldSpec, required: boolean): void {
  const decorators = [...field.validators, ...presence(field, required)];
  if (field.normalize) decorators.push(Normalized(field));
  // As it came: the transformer leaves out keys of a map that every object inherits.
  if (field.column.kind === 'json')
    decorators.push(Transform(({ obj }: { obj: Record<string, unknown> }) => obj[field.name]));
  const api = {
    ...schema(field),
    ...(required ? {} : defaultShown(field)),
    writeOnly: field.writeOnly,
  } as ApiPropertyOptions;
  decorators.push(required ? ApiProperty(api) : ApiPropertyOptional(api));
  for (const decorate of decorators) decorate(type.prototype as object, field.name);
}

/** A read-only field may come back unchanged in an update; the service compares it. */
function addEchoed(type: Type, field: FieldSpec): void {
  const api = { ...schema(field), readOnly: true } as ApiPropertyOptions;
  for (const decorate of [IsOptional(), ApiPropertyOptional(api)])
    decorate(type.prototype as object, field.name);
}

const TAGS = [
  Transform(({ value }: { value: unknown }) =>
    Array.isArray(value) && value.length <= MAX_TAGS
      ? value.map(name => normalizeText({ lower: true, column: { length: 100 } }, name))
      : value,
  ),
  IsOptional(),
  IsArray(),
  ArrayMaxSize(MAX_TAGS),
  IsString({ each: true }),
  MinLength(1, { each: true }),
  Matches(TAG_NAME, { each: true, message: 'each must have no comma' }),
  MaxLength(100, { each: true }),
  IsVisible({ each: true }),
  ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: 100, pattern: TAG_NAME.source },
    maxItems: MAX_TAGS,
    nullable: true,
    description: 'Names of tags; new ones become tags; null is none',
  }),
];

function addTags(type: Type): void {
  for (const decorate of TAGS) decorate(type.prototype as object, 'tags');
}

/** The view with fields that are not always there, under a name of its own; the view itself where there are none. */
function extended(view: Type, name: string, fields: FieldSpec[]): Type {
  if (fields.length === 0) return view;
  const type = { [name]: class extends (view as new () => object) {} }[name] as Type;
  for (const field of fields)
    ApiPropertyOptional({ ...schema(field), readOnly: true } as ApiPropertyOptions)(
      type.prototype as object,
      field.name,
    );
  return type;
}

/** The view with the opened secrets; some are never shown. */
function revealedOf(spec: ResourceSpec, view: Type): Type {
  const shown = spec.virtual.filter(one => one.writeOnly && !one.neverShown);
  return extended(view, `Revealed${spec.label}`, shown);
}

/** The view with what the answers to create and update tell beside it. */
function writtenOf(spec: ResourceSpec, view: Type): Type {
  const fields = spec.virtual.filter(one => one.afterWriting);
  return extended(view, `Written${spec.label}`, fields);
}

/** A default that its own field would refuse ends the start, instead of the first request without the field. */
function checkDefaults(spec: ResourceSpec, create: Type): void {
  const fields = spec.fields.filter(one => one.default !== undefined && !one.readOnly && !one.internal);
  const defaults = Object.fromEntries(fields.map(field => [field.name, defaultOf(field)]));
  const body = Object.assign(new create(), defaults);
  for (const { property, constraints = {} } of validateSync(body, { forbidUnknownValues: false }))
    if (property in defaults)
      throw new Error(
        `The default of ${spec.label}.${property} breaks its own rules: ${Object.keys(constraints).join(', ')}`,
      );
}

/** Makes the bodies once; the same classes validate, document and test. */
export function bodiesOf(spec: ResourceSpec): Bodies {
  const known = BODIES.get(spec);
  if (known) return known;
  const create = named(`Create${spec.label}`);
  const update = named(`Update${spec.label}`);
  const view = named(spec.label);
  for (const field of [...spec.fields, ...spec.virtual]) {
    if (!field.writeOnly && !field.afterWriting)
      ApiProperty({ ...schema(field), readOnly: field.readOnly, selfRequired: true } as ApiPropertyOptions)(
        view.prototype as object,
        field.name,
      );
    if (field.internal) continue;
    if (field.readOnly) {
      addEchoed(update, field);
    } else {
      addField(create, field, isRequired(field));
      addField(update, { ...field, default: undefined }, false);
    }
  }
  checkDefaults(spec, create);
  if (spec.taggable) {
    addTags(create);
    addTags(update);
    ApiProperty({ type: 'array', items: { type: 'string' } })(view.prototype as object, 'tags');
  }
  const written = writtenOf(spec, view);
  const bodies = { create, update, view, written, revealed: spec.secrets ? revealedOf(spec, view) : view };
  BODIES.set(spec, bodies);
  return bodies;
}
