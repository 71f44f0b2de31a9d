import { Body, Get, Header, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ChangesNothing } from '../../../core/audit/audit-cover.js';
import { RequireScope } from '../../../core/http/access.decorators.js';
import { PasswordStrength } from '../../../core/access/factors/password-strength.js';
import { ErrorsOf } from '../../../core/http/errors/error-answer.js';
import { FieldFault, ValidationError } from '../../../core/context/errors.js';
import { OwnUnits } from '../../../core/requests/unit.interceptor.js';
import { ApiController } from '../../../core/http/api-controller.js';
import { BodyPipe } from '../../../core/http/pipes/body.pipe.js';
import type { RawQuery } from '../../../core/resource/lists/query-parts.js';
import { GeneratedAnswer, StrengthAnswer } from '../credential.answers.js';
import { StrengthBody } from '../credential.bodies.js';
import { CHARACTER_CLASSES, CharacterClass, generatePassword, generateWords } from './generate.js';

const LENGTH = { min: 8, max: 256, fallback: 24 };
const WORDS = { min: 3, max: 20 };

function wholeOf(
  query: RawQuery,
  name: string,
  min: number,
  max: number,
  faults: FieldFault[],
): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const value = typeof text === 'string' && /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max))
    faults.push({ field: name, message: `must be a whole number from ${min} to ${max}`, rule: 'range' });
  return value;
}

/** New secrets, and how good a password is. Nothing is stored. */
@ApiTags('credentials')
@ApiController('credentials')
export class GenerateController {
  constructor(private readonly passwords: PasswordStrength) {}

  @Get('generate')
  @Header('cache-control', 'no-store')
  @RequireScope('msp:read')
  @ApiOperation({ operationId: 'generateSecret', summary: 'Generates a password or passphrase' })
  @ApiQuery({
    name: 'length',
    required: false,
    schema: { type: 'integer', minimum: LENGTH.min, maximum: LENGTH.max, default: LENGTH.fallback },
  })
  @ApiQuery({
    name: 'classes',
    required: false,
    description: `Separated by commas: ${CHARACTER_CLASSES.join(', ')}`,
    schema: { type: 'string' },
  })
  @ApiQuery({
    name: 'words',
    required: false,
    description: 'Words instead of signs',
    schema: { type: 'integer', minimum: WORDS.min, maximum: WORDS.max },
  })
  @ApiResponse({ status: 200, description: 'The secret; it is stored nowhere', type: GeneratedAnswer })
  @ErrorsOf(401, 403, 422)
  async generate(@Query() query: RawQuery): Promise<GeneratedAnswer> {
    const faults: FieldFault[] = [];
    for (const name of Object.keys(query))
      if (!['length', 'classes', 'words'].includes(name))
        faults.push({ field: name.slice(0, 100), message: 'is not a parameter', rule: 'unknown' });
    const length = wholeOf(query, 'length', LENGTH.min, LENGTH.max, faults) ?? LENGTH.fallback;
    const words = wholeOf(query, 'words', WORDS.min, WORDS.max, faults);
    const classes =
      query.classes === undefined
        ? CHARACTER_CLASSES
        : [...new Set([query.classes].flat().flatMap(text => text.split(',')))];
    if (!classes.every(one => CHARACTER_CLASSES.includes(one as CharacterClass)))
      faults.push({ field: 'classes', message: `may hold ${CHARACTER_CLASSES.join(', ')}`, rule: 'enum' });
    for (const name of ['length', 'classes'])
      if (words !== undefined && query[name] !== undefined)
        faults.push({ field: name, message: 'has no meaning beside words', rule: 'exclusive' });
    if (faults.length > 0) throw new ValidationError(faults, 'The query is not valid');
    const made =
      words === undefined ? generatePassword(length, classes as CharacterClass[]) : generateWords(words);
    return { ...made, strength: await this.passwords.score(made.value) };
  }

  @Post('strength')
  @ChangesNothing()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope('msp:read')
  @OwnUnits()
  @ApiOperation({ operationId: 'getPasswordStrength', summary: 'Rates the strength of a password' })
  @ApiBody({ type: StrengthBody })
  @ApiResponse({ status: 200, description: 'The score', type: StrengthAnswer })
  @ErrorsOf(401, 403, 422)
  async strength(@Body(new BodyPipe(StrengthBody)) body: StrengthBody): Promise<StrengthAnswer> {
    return { strength: await this.passwords.score(body.password) };
  }
}
