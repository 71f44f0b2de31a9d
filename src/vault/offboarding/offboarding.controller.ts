import { Body, Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { OtpHeader } from '../../core/http/policy-headers.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { ClientExport } from './client-export.service.js';
import { ExportSecretsBody, OffboardBody, OffboardingReport } from './offboarding.bodies.js';
import { OffboardingService } from './offboarding.service.js';

const FRESH = 'A fresh code, instead of one in the body';

@ApiTags('clients')
@ApiController('clients')
export class OffboardingController {
  constructor(
    private readonly offboarding: OffboardingService,
    private readonly exports: ClientExport,
  ) {}

  @Post(':id/export-secrets')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope('msp:admin')
  @OwnUnits()
  @ApiOperation({
    operationId: 'exportClientSecrets',
    summary: 'Exports the credentials of a client with their secrets, encrypted under a passphrase',
    description:
      'A file of age (`age -d` opens it) with a line of JSON for the client and for each credential. A reveal of all of ' +
      'them: each policy holds, each is on the trail; one that refuses refuses the whole. Seeds of one-time codes are ' +
      'shown to nobody, and left out. With the present password or a fresh code; not by access tokens.',
  })
  @OtpHeader(FRESH)
  @ApiBody({ type: ExportSecretsBody })
  @ApiProduces('application/octet-stream')
  @ApiResponse({
    status: 200,
    description: 'The file; what was cut off does not open to its end',
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  })
  @ErrorsOf(401, 403, 404, 409, 422, 503)
  exportSecrets(@IdParam() id: string, @Body(new BodyPipe(ExportSecretsBody)) body: ExportSecretsBody) {
    return this.exports.export(id, body);
  }

  @Post(':id/offboard')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope('msp:admin')
  @OwnUnits()
  @ApiOperation({
    operationId: 'offboardClient',
    summary: 'Off-boards a client: its keys are destroyed, and nothing of it opens any more',
    description:
      'For good. Asks for the name of the client, for the digest of an export (or `without_export`), and for the present ' +
      'password or a fresh code; not by access tokens. Secrets of all versions, links and approvals end, credentials and ' +
      'the client are archived; what is no secret stays. Cut off anywhere, the same call goes on; done, it answers with ' +
      'what was done.',
  })
  @OtpHeader(FRESH)
  @ApiBody({ type: OffboardBody })
  @ApiResponse({ status: 200, description: 'What was done, and who knows what', type: OffboardingReport })
  @ErrorsOf(401, 403, 404, 409, 422, 503)
  offboard(@IdParam() id: string, @Body(new BodyPipe(OffboardBody)) body: OffboardBody) {
    return this.offboarding.offboard(id, body);
  }

  @Get(':id/offboarding')
  @RequireScope('msp:admin')
  @ApiOperation({
    operationId: 'getClientOffboarding',
    summary: 'Tells of the off-boarding of a client',
  })
  @ApiResponse({ status: 200, description: 'What was done so far', type: OffboardingReport })
  @ErrorsOf(401, 403, 404)
  report(@IdParam() id: string) {
    return this.offboarding.report(id);
  }
}
