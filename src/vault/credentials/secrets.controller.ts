import { Body, Get, Header, HttpCode, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ValidationError } from '../../core/context/errors.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { ApiController } from '../../core/http/api-controller.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { IdParam } from '../../core/http/pipes/id.pipe.js';
import { OtpHeader, ReasonHeader } from '../../core/http/policy-headers.js';
import { ReasonBody, ReferenceBody, RevealBody, RotateBody } from './credential.bodies.js';
import {
  OneTimeCodeAnswer,
  ReferenceAnswer,
  RevealAnswer,
  RotatedCredential,
  SecretsAnswer,
  VersionsAnswer,
} from './credential.answers.js';
import { ReferencesService } from './reveal/references.service.js';
import { RevealService } from './reveal/reveal.service.js';
import { RotationService } from './rotation.service.js';

const versionPipe = new ParseIntPipe({
  exceptionFactory: () => ValidationError.of('n', 'must be the number of a version', 'isInt'),
});
const NoStore = () => Header('cache-control', 'no-store');
/** Opening, versions and rotation of the secrets of credentials. Never cached, always on the record. */
@ApiTags('credentials')
@ApiController('credentials')
export class SecretsController {
  constructor(
    private readonly reveals: RevealService,
    private readonly rotations: RotationService,
    private readonly references: ReferencesService,
  ) {}

  @Post('reveal')
  @HttpCode(200)
  @NoStore()
  @RequireScope('msp:read')
  @OwnUnits()
  @ApiOperation({
    operationId: 'revealCredentials',
    summary: 'Reveals the secrets of up to 100 credentials',
  })
  @ApiBody({ type: RevealBody })
  @OtpHeader()
  @ApiResponse({ status: 200, description: 'One result for each id', type: RevealAnswer })
  @ErrorsOf(401, 403, 422)
  async revealMany(@Body(new BodyPipe(RevealBody)) body: RevealBody) {
    return { results: await this.reveals.revealMany(body.ids, body.reason) };
  }

  @Post(':id/reveal')
  @HttpCode(200)
  @NoStore()
  @RequireScope('msp:read')
  @OwnUnits()
  @ApiOperation({
    operationId: 'revealCredential',
    summary: 'Reveals the secrets of a credential',
  })
  @ApiBody({ type: ReasonBody })
  @OtpHeader()
  @ApiResponse({ status: 200, description: 'The secrets', type: SecretsAnswer })
  @ErrorsOf(401, 403, 404, 422)
  reveal(@IdParam() id: string, @Body(new BodyPipe(ReasonBody)) body: ReasonBody) {
    return this.reveals.reveal(id, body.reason);
  }

  @Post(':id/reference')
  @HttpCode(200)
  @NoStore()
  @RequireScope('msp:read')
  @OwnUnits()
  @ApiOperation({
    operationId: 'referToCredential',
    summary: 'Returns where a secret of a credential is, instead of the secret',
    description:
      'For who may see the credential, on the record with the reason. Resolving it takes the right to reveal.',
  })
  @ApiBody({ type: ReferenceBody })
  @ApiResponse({ status: 200, description: 'The reference', type: ReferenceAnswer })
  @ErrorsOf(401, 403, 404, 422)
  reference(@IdParam() id: string, @Body(new BodyPipe(ReferenceBody)) body: ReferenceBody) {
    return this.references.of(id, body.reason, body.field);
  }

  @Get(':id/otp')
  @NoStore()
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'getCredentialOtp',
    summary: 'Returns a one-time code of a credential, never its seed',
  })
  @ReasonHeader()
  @OtpHeader()
  @ApiResponse({ status: 200, description: 'The code and how long it is good', type: OneTimeCodeAnswer })
  @ErrorsOf(401, 403, 404, 422)
  otp(@IdParam() id: string) {
    return this.reveals.otp(id);
  }

  @Get(':id/versions')
  @NoStore()
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'listCredentialVersions',
    summary: 'Lists the versions of the secrets of a credential',
  })
  @ApiResponse({ status: 200, description: 'Newest first', type: VersionsAnswer })
  @ErrorsOf(401, 403, 404, 422)
  async versions(@IdParam() id: string) {
    return { items: await this.reveals.versions(id) };
  }

  @Post(':id/versions/:n/reveal')
  @HttpCode(200)
  @NoStore()
  @RequireScope('msp:read')
  @OwnUnits()
  @ApiOperation({
    operationId: 'revealCredentialVersion',
    summary: 'Reveals the secrets of an earlier version',
  })
  @ApiParam({ name: 'n', schema: { type: 'integer', minimum: 1 } })
  @ApiBody({ type: ReasonBody })
  @OtpHeader()
  @ApiResponse({ status: 200, description: 'The secrets', type: SecretsAnswer })
  @ErrorsOf(401, 403, 404, 422)
  revealVersion(
    @IdParam() id: string,
    @Param('n', versionPipe) n: number,
    @Body(new BodyPipe(ReasonBody)) body: ReasonBody,
  ) {
    return this.reveals.revealVersion(id, n, body.reason);
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @NoStore()
  @RequireScope('msp:write')
  @ApiOperation({
    operationId: 'rotateCredential',
    summary: 'Replaces secrets of a credential by given or generated ones',
    description:
      'Without `secrets` and `value` one is generated: the main secret of the type, or `field`. ' +
      'With `reveal`, which needs `msp:read` too, the answer holds what was generated, once; a repetition by ' +
      'Idempotency-Key does not.',
  })
  @ApiBody({ type: RotateBody, required: false })
  @ReasonHeader()
  @OtpHeader()
  @ApiResponse({
    status: 200,
    description: 'The metadata and, with `reveal`, what was generated',
    type: RotatedCredential,
  })
  @ErrorsOf(401, 403, 404, 409, 422)
  rotate(@IdParam() id: string, @Body(new BodyPipe(RotateBody, 'refused', true)) body: RotateBody) {
    return this.rotations.rotate(id, body);
  }
}
