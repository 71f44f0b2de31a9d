import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from './access.decorators.js';
import { Keystore } from '../crypto/keystore/keystore.js';
import { KeyRing } from '../crypto/key-ring.js';
import { MainDatabase } from '../database/main-database.js';
import { migrationStatus } from '../database/migrate.js';
import { Logger } from '../context/logger.js';

const CHECK_MS = 2_000;

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
    const [database, keystore, migrations, audit] = await Promise.all([
      this.check(() => this.database.connections.ping()),
      this.check(() => this.keystore.connections.ping()),
      this.check(async () => {
        const status = await migrationStatus(this.database);
        if (status.some(one => !one.done)) throw new Error('Migrations are pending');
      }),
      this.check(async () => {
        await this.keys.systemKey('audit-mac');
        await this.database.connections.reader.select('SELECT n FROM journal ORDER BY n DESC LIMIT 1');
      }),
    ]);
    const checks = { database, keystore, migrations, audit };
    const ready = Object.values(checks).every(state => state === 'ok');
    if (!ready) reply.status(503).header('retry-after', '30');
    return { status: ready ? 'ready' : 'not ready', checks };
  }

  /** What does not answer in time cannot serve either. */
  private async check(work: () => Promise<unknown>): Promise<State> {
    try {
      const late = sleep(CHECK_MS, 'late', { ref: false });
      if ((await Promise.race([work(), late])) === 'late') throw new Error('No answer in time');
      return 'ok';
    } catch (error) {
      this.logger.warn({ err: error }, 'a readiness check failed');
      return 'failed';
    }
  }
}
