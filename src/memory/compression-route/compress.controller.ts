import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ChangesNothing } from '../../core/audit/audit-cover.js';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { BodyPipe } from '../../core/http/pipes/body.pipe.js';
import { OwnUnits } from '../../core/requests/unit.interceptor.js';
import { CompressBody, Compressed } from './compress.bodies.js';
import { CompressService } from './compress.service.js';

@ApiTags('memory')
@ApiController('memory')
export class CompressController {
  constructor(private readonly service: CompressService) {}

  @Post('compress')
  @ChangesNothing()
  @OwnUnits()
  @HttpCode(200)
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'compressForMemory',
    summary: 'Compresses texts as the memory does; stores nothing',
  })
  @ApiBody({ type: CompressBody })
  @ApiResponse({ status: 200, description: 'What the function came to', type: Compressed })
  @ErrorsOf(422)
  async compress(@Body(new BodyPipe(CompressBody)) body: CompressBody): Promise<Compressed> {
    return { result: await this.service.compress(body) };
  }
}
