import { Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { DescribedTag } from '../../core/http/tags.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { ApiController } from '../../core/http/api-controller.js';
import { VerificationAnswer } from './audit.answers.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { Trail } from '../../core/audit/seals/trail.service.js';
import { JournalVerifier } from '../../core/audit/journal-verifier.js';
import { ApiAuditLogService } from '../api-audit-log/api-audit-log.service.js';

const PLAIN = 'text/plain; charset=utf-8';
const TEXT = { 'text/plain': { schema: { type: 'string' } } } as const;

@DescribedTag('audit', 'The append-only journal of everything that happened, and the proof that it is whole.')
@ApiController('audit')
export class AuditController {
  constructor(
    private readonly verifier: JournalVerifier,
    private readonly trail: Trail,
    private readonly log: ApiAuditLogService,
  ) {}

  @Post('verify')
  @HttpCode(200)
  @RequireScope('msp:admin')
  @OwnUnits()
  @ApiOperation({
    operationId: 'verifyAudit',
    summary: 'Checks every entry of the journal',
    description:
      'Recomputes the MAC of each entry, the order of all, the tree over them and its signed checkpoints: what was edited, inserted, removed, reordered, cut or rolled back past Opskeep is found. Takes seconds for a million entries.',
  })
  @ApiResponse({ status: 200, description: 'What was found', type: VerificationAnswer })
  @ErrorsOf(401, 403)
  verify(): Promise<VerificationAnswer> {
    return this.verifier.verify();
  }

  @Get('checkpoint')
  @RequireScope('msp:admin')
  @Header('content-type', PLAIN)
  @ApiOperation({
    operationId: 'getAuditCheckpoint',
    summary: 'Returns the newest checkpoint of the trail',
    description:
      'A signed note (C2SP tlog-checkpoint) of origin, number of entries and root of the tree over them. Kept elsewhere, it proves later that nothing before it was changed.',
  })
  @ApiResponse({ status: 200, description: 'The signed note', content: TEXT })
  @ErrorsOf(401, 403, 409)
  checkpoint(): Promise<string> {
    return this.trail.checkpoint();
  }

  @Get('entries/:id/proof')
  @RequireScope('msp:admin')
  @Header('content-type', PLAIN)
  @ApiOperation({
    operationId: 'proveAuditEntry',
    summary: 'Proves that an entry is in the trail',
    description:
      'The inclusion proof of the entry in the newest checkpoint (C2SP tlog-proof); the line `extra` has the entry as the tree holds it, in base64.',
  })
  @ApiResponse({ status: 200, description: 'The proof', content: TEXT })
  @ErrorsOf(401, 403, 404, 409, 422)
  async prove(@IdParam() id: string): Promise<string> {
    // The proof holds the entry itself: it is for who may read that.
    await this.log.get(id);
    return this.trail.prove(id);
  }
}
