import { Controller, Get, Header, Param, Query, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { nameRoutes } from '../../core/audit/route-target.js';
import { NotFoundError } from '../../core/context/errors.js';
import { RequireScope, TokenIn } from '../../core/http/access.decorators.js';
import { CountPipe } from '../../core/http/pipes/count.pipe.js';
import { resourceOf } from '../../core/resource/resource.js';
import { Credential } from '../credentials/credential.entity.js';
import { answerOf } from './kv-answers.js';
import './kv-errors.js';
import { KvHeaders } from './kv-headers.guard.js';
import { KvSecrets } from './kv-secrets.service.js';

// A token for the credentials is one for these routes, and what they refuse is on the trail.
nameRoutes('v1', resourceOf(Credential));

/** As the protocol's own server reads it. */
const isTrue = (text: string | undefined) => /^(1|t|true)$/i.test(text ?? '');
const versionPipe = new CountPipe(0, 999_999, { name: 'version', least: 0 });

/** The read-only door for programs that speak the protocol of KV version 2 of Vault and OpenBao. */
@ApiExcludeController()
@Controller()
@TokenIn('x-vault-token')
@UseGuards(KvHeaders)
@RequireScope('msp:read')
export class KvController {
  constructor(private readonly secrets: KvSecrets) {}

  @Get('v1/secret/data/:client/:credential')
  @Header('cache-control', 'no-store')
  async read(
    @Param('client') client: string,
    @Param('credential') credential: string,
    @Query('version', versionPipe) version: number,
  ) {
    return answerOf(await this.secrets.read(client, credential, version));
  }

  @Get('v1/secret/metadata')
  @Header('cache-control', 'no-store')
  places(@Query('list') list?: string) {
    return this.list(list);
  }

  @Get('v1/secret/metadata/:client')
  @Header('cache-control', 'no-store')
  keys(@Param('client') client: string, @Query('list') list?: string) {
    return this.list(list, client);
  }

  @Get('v1/secret/metadata/:client/:credential')
  @Header('cache-control', 'no-store')
  async metadata(@Param('client') client: string, @Param('credential') credential: string) {
    return answerOf(await this.secrets.metadata(client, credential));
  }

  /** A folder has a list and nothing else. */
  private async list(list: string | undefined, client?: string) {
    if (!isTrue(list))
      throw new NotFoundError('There is no such credential: a list is asked for by LIST or ?list=true');
    return answerOf(await this.secrets.list(client));
  }
}
