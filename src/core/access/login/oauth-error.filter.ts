import { ArgumentsHost, Catch } from '@nestjs/common';
import { ErrorFilter, toOpskeepError } from '../../http/errors/error.filter.js';
import {
  AuthenticationError,
  type ErrorDetails,
  OpskeepError,
  ValidationError,
} from '../../context/errors.js';

/** The words of RFC 6749, section 5.2, that can happen here. */
export const OAUTH_ERRORS = [
  'invalid_request',
  'invalid_grant',
  'unsupported_grant_type',
  'invalid_scope',
] as const;
export type OAuthWord = (typeof OAUTH_ERRORS)[number];

/** 400 as RFC 6749 wants it: a word in `error`, and the sentence in `error_description`. */
export class OAuthError extends OpskeepError {
  readonly status = 400;
  readonly code: string;

  constructor(
    readonly word: OAuthWord,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details);
    this.code = word === 'invalid_grant' ? 'authentication' : 'validation';
  }

  override get stated(): { error: string; error_description: string } {
    // Section 5.2: printable ASCII without quotation mark and backslash.
    return { error: this.word, error_description: this.message.replace(/[^\x20-\x7e]|["\\]/g, '?') };
  }
}

/** Answers of the token endpoint: wrong credentials and bad parameters in the words of OAuth, the rest as anywhere. */
@Catch()
export class OAuthErrorFilter extends ErrorFilter {
  override catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const error = toOpskeepError(thrown);
    if (error instanceof AuthenticationError)
      return super.catch(new OAuthError('invalid_grant', error.message, error.details), host);
    if (error instanceof ValidationError)
      return super.catch(new OAuthError('invalid_request', sentenceOf(error), error.details), host);
    return super.catch(error, host);
  }
}

const sentenceOf = ({ details, message }: ValidationError) =>
  details.errors?.map(fault => `${fault.field} ${fault.message}`).join('; ') || message;
