import { Injectable, PipeTransform, ValidationPipe, ValidationPipeOptions } from '@nestjs/common';
import type { ValidationError as ClassValidatorFault } from 'class-validator';
import { FieldFault, ValidationError } from '../../context/errors.js';
import type { Type } from '../../table/field-spec.js';
import { rememberRules } from './known-rules.js';
import { inPlainWords, tellingRules } from './plain-words.js';

const RULES: Record<string, string> = { whitelistValidation: 'unknown', isDefined: 'required', isIn: 'enum' };

/** class-validator's tree of faults → the flat list of `details.errors`; the submitted value is left out. */
export function faultsOf(tree: ClassValidatorFault[], prefix = ''): FieldFault[] {
  return tree.flatMap(({ property, constraints = {}, children = [], value }) => {
    const field = `${prefix}${property}`;
    const own = tellingRules(constraints).map(([rule, message]) =>
      faultOf(field, property, rule, message, value),
    );
    // An absent field breaks every rule; saying that it is required is enough.
    const missing = own.length > 0 && value === undefined && !own.some(one => one.rule === 'unknown');
    const said = missing ? [{ field, message: 'is required', rule: 'required' }] : own;
    return [...said, ...faultsOf(children, `${field}.`)];
  });
}

function faultOf(field: string, property: string, rule: string, message: string, value: unknown): FieldFault {
  if (rule === 'whitelistValidation')
    return { field, message: 'is not a field of this body', rule: 'unknown' };
  if (value === null) return { field, message: 'may not be null', rule: 'null' };
  return {
    field,
    message: inPlainWords(rule, message, property),
    rule: RULES[rule] ?? rule,
  };
}

/** More than any body has. */
const MAX_FIELDS = 200;

const OPTIONS: ValidationPipeOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  transform: true,
  transformOptions: { enableImplicitConversion: false, exposeDefaultValues: false },
  validationError: { target: false, value: true },
  exceptionFactory: faults => new ValidationError(faultsOf(faults)),
};
rememberRules();
const VALIDATION = {
  refused: new ValidationPipe(OPTIONS),
  ignored: new ValidationPipe({ ...OPTIONS, forbidNonWhitelisted: false }),
};

/** What becomes of fields that a body does not have: refused, unless a protocol wants them ignored. */
type Unknown = keyof typeof VALIDATION;

/** Checks a value against a body class; throws a ValidationError with every fault. */
export async function validateBody<T extends object>(
  type: Type<T>,
  value: unknown,
  unknown: Unknown = 'refused',
): Promise<T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ValidationError([{ field: 'body', message: 'must be a JSON object', rule: 'type' }]);
  // Each field that is not known would be a fault of its own.
  if (Object.keys(value).length > MAX_FIELDS)
    throw ValidationError.of('body', `has more than ${MAX_FIELDS} fields`, 'fields');
  // The transformer passes over what every object inherits, such as `constructor`, and Nest over `prototype`.
  const inherited = Object.keys(value).filter(name => name in Object.prototype || name === 'prototype');
  if (inherited.length > 0)
    throw new ValidationError(
      inherited.map(field => ({ field, message: 'is not a field of this body', rule: 'unknown' })),
    );
  return (await VALIDATION[unknown].transform(value, { type: 'body', metatype: type })) as T;
}

/** `@Body(new BodyPipe(CreateSite))`: names the class, so that validation cannot be lost with a type. */
@Injectable()
export class BodyPipe<T extends object> implements PipeTransform<unknown, Promise<T>> {
  constructor(
    private readonly type: Type<T>,
    private readonly unknown: Unknown = 'refused',
    /** A request without a body is one without fields; for actions whose fields may all be absent. */
    private readonly isOptional = false,
  ) {
    // A class that is undefined here (an import cycle) or Object would let everything pass.
    if (typeof type !== 'function' || (type as unknown) === Object)
      throw new Error('A body needs a class of its own to be validated by');
  }

  transform(value: unknown): Promise<T> {
    return validateBody(this.type, value === undefined && this.isOptional ? {} : value, this.unknown);
  }
}
