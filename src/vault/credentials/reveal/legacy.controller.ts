import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { RequireScope } from '../../../core/http/access.decorators.js';
import { IdParam } from '../../../core/http/pipes/id.pipe.js';
import { nameRoutes } from '../../../core/audit/route-target.js';
import { resourceOf } from '../../../core/resource/resource.js';
import { Credential } from '../credential.entity.js';
import { RevealService } from './reveal.service.js';

// `/credentials` is as good as `/api/credentials`.
nameRoutes('creds', resourceOf(Credential));

/** `GET /credentials/{id}` and `/creds/{id}` of the earlier credentials manager, with today's rights and entries. */
@ApiExcludeController()
@Controller()
export class LegacyCredentialsController {
  constructor(private readonly reveals: RevealService) {}

  @Get(['credentials/:id', 'creds/:id'])
  @Header('cache-control', 'no-store')
  @RequireScope('msp:read')
  get(@IdParam() id: string) {
    return this.reveals.legacy(id);
  }
}
