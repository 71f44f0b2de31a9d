import { ValidationError } from '../context/errors.js';
import { secretName } from '../../formats/redaction/secret-names.js';
import { redact } from '../../formats/redaction/redact.js';
import type { CustomFieldDefinition } from './definition.entity.js';

const WAY = 'secrets belong into the vault, as a credential: POST /api/credentials';
/** Kinds whose values could be a secret. */
const FREE = ['text', 'list', 'url'];

/** 422 for a value that has the shape of a secret. */
export function refuseSecret(field: string, value: unknown): void {
  const texts = [value].flat().filter(one => typeof one === 'string');
  if (texts.some(one => redact(one) !== one))
    throw ValidationError.of(field, `looks like a secret; ${WAY}`, 'secret');
}

/** 422 for a definition whose values would be secrets, or that shows one. */
export function refuseSecretField({ key, kind, choices, label, description }: CustomFieldDefinition): void {
  if (FREE.includes(kind) && secretName(key) !== undefined)
    throw ValidationError.of('key', `is the name of a secret; ${WAY}`, 'secret');
  refuseSecret('choices', choices ?? []);
  refuseSecret('label', label);
  refuseSecret('description', description);
}
