import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/access.decorators.js';
import { Keystore } from '../crypto/keystore.js';
import { KeyRing } from '../crypto/key-ring.js';
import { MainDatabase } from '../database/main-database.js';
import { migrationStatus } from '../database/migrate.js';
import { Logger } from './logger.js';

type State = 'ok' | 'failed';

/** `GET /` and `/health` say that the process lives; `/health/ready` says whether it can serve. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    private readonly database: MainDatabase,
    private readonly keystore: Keystore,
    private readonly keys: KeyRing,
    private readonly logger: Logger,
  ) {}

  @Get()
  @Public()
  root() {
    return { name: 'opskeep', docs: '/api/docs', openapi: '/api/openapi.json', health: '/health' };
  }

  @Get('health')
  @Public()
  health() {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @Public()
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const checks = {
      database: await this.check(() => this.database.connections.ping()),
      keystore: await this.check(() => this.keystore.connections.ping()),
      migrations: await this.check(async () => {
        const status = await migrationStatus(this.database);
        if (status.some(one => !one.done)) throw new Error('Migrations are pending');
      }),
      audit: await this.check(async () => {
        await this.keys.systemKey('audit-mac');
        await this.database.connections.reader.select('SELECT n FROM journal ORDER BY n DESC LIMIT 1');
      }),
    };
    const ready = Object.values(checks).every(state => state === 'ok');
    if (!ready) reply.status(503).header('retry-after', '30');
    return { status: ready ? 'ready' : 'not ready', checks };
  }

  private async check(work: () => Promise<unknown>): Promise<State> {
    try {
      await work();
      return 'ok';
    } catch (error) {
      this.logger.warn({ err: error }, 'a readiness check failed');
      return 'failed';
    }
  }
}
