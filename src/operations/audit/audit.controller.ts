import { HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { DescribedTag } from '../../core/http/tags.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { ApiController } from '../../core/http/api-controller.js';
import { VerificationAnswer } from './audit.answers.js';
import { JournalVerifier } from '../../core/audit/journal-verifier.js';

@DescribedTag('audit', 'The append-only journal of everything that happened, and the proof that it is whole.')
@ApiController('audit')
export class AuditController {
  constructor(private readonly verifier: JournalVerifier) {}

  @Post('verify')
  @HttpCode(200)
  @RequireScope('msp:admin')
  @OwnUnits()
  @ApiOperation({
    operationId: 'verifyAudit',
    summary: 'Checks every entry of the journal',
    description:
      'Recomputes the MAC of each entry: what was edited or inserted past Opskeep is found. Takes seconds for a million entries.',
  })
  @ApiResponse({ status: 200, description: 'What was found', type: VerificationAnswer })
  @ErrorsOf(401, 403)
  verify(): Promise<VerificationAnswer> {
    return this.verifier.verify();
  }
}
