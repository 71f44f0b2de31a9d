import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Opener } from '../crypto/opener.js';
import { Plaintext } from '../crypto/plaintext.js';
import { sealsIn } from '../crypto/sealed-places.js';
import { Sealer } from '../crypto/sealer.js';
import { Audit } from '../audit/audit.service.js';
import { systemActor } from '../context/actor.js';
import { Units } from '../database/units.js';
import { DAY_MS, encodeMoment, momentIn, now } from '../database/values.js';
import { Rows } from '../table/rows.js';
import { Periodic } from '../workers/periodic.js';
import { ConflictError, ValidationError } from '../context/errors.js';
import { Rehearsal } from './rehearsal.js';
import { replayable } from './not-replayed.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { currentActor, runAs } from '../context/request-context.js';

const WAIT_MS = 2_000;
const SWEEP_MS = 3_600_000;
const KEY = /^[\x21-\x7e]{1,255}$/;
const HEADERS = ['etag', 'location'] as const;

interface Ticket {
  id: string;
  body_mac: string;
}
interface Answer {
  headers: Record<string, string>;
  body: unknown;
}

/**
 * `Idempotency-Key` on POST: the answer is stored in the transaction of the change, so that the
 * same key and body within 24 hours get it again, and two at once run once. Scoped to actor and route; given again
 * only to who may do the same today (`Rehearsal`).
 */
@Injectable()
export class Idempotency implements OnModuleInit, OnApplicationShutdown {
  private readonly running = new Map<string, Promise<void>>();
  private readonly sweep = new Periodic(() => this.forgetExpired(), { every: SWEEP_MS });

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly sealer: Sealer,
    private readonly opener: Opener,
    private readonly rehearsal: Rehearsal,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.sweep.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sweep.end();
  }

  /** Runs `work` in a unit of its own, once for each key. */
  async once(request: FastifyRequest, reply: FastifyReply, work: () => Promise<unknown>): Promise<unknown> {
    const key = request.headers['idempotency-key'];
    if (key === undefined || request.method !== 'POST') return this.units.run(work);
    if (typeof key !== 'string' || !KEY.test(key))
      throw ValidationError.of('Idempotency-Key', 'must be 1 to 255 visible ASCII characters', 'format');
    const ticket = await this.ticket(request, key);
    const done = await this.turn(ticket.id);
    try {
      return (await this.replay(ticket, reply, work)) ?? (await this.runAndKeep(ticket, reply, work));
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      // Another process may have stored its answer first, under the same key or with the same unique name.
      const stored = await this.replay(ticket, reply, work);
      if (stored === undefined) throw error;
      return stored;
    } finally {
      done();
    }
  }

  private async ticket(request: FastifyRequest, key: string): Promise<Ticket> {
    const { id: user, token } = currentActor();
    const place = `${token?.id ?? user} ${request.method} ${request.url}`;
    const [id, body_mac] = await Promise.all([
      this.sealer.blindIndex('idempotency-key', `${place} ${key}`),
      this.sealer.blindIndex('idempotency-body', JSON.stringify(request.body ?? null)),
    ]);
    return { id, body_mac };
  }

  /** Waits, holding no connection, until nobody runs under this key, and takes it; 409 after two seconds. */
  private async turn(id: string): Promise<() => void> {
    const deadline = sleep(WAIT_MS, 'late', { ref: false });
    while (this.running.has(id))
      if ((await Promise.race([this.running.get(id), deadline])) === 'late')
        throw new ConflictError('A request with this Idempotency-Key is still running');
    // No await between the look and the claim: several may have waited for the same one.
    let release!: () => void;
    this.running.set(id, new Promise(resolve => (release = resolve)));
    return () => {
      this.running.delete(id);
      release();
    };
  }

  private runAndKeep(ticket: Ticket, reply: FastifyReply, work: () => Promise<unknown>): Promise<unknown> {
    return this.units.run(async () => {
      const body = await work();
      const headers = Object.fromEntries(
        HEADERS.flatMap(name => (reply.getHeader(name) ? [[name, String(reply.getHeader(name))]] : [])),
      );
      const answer = await this.sealer.sealOwn(
        'idempotency',
        place(ticket),
        Plaintext.of(JSON.stringify({ headers, body: replayable(body) } satisfies Answer)),
      );
      const expires_at = momentIn(DAY_MS);
      await this.units.sql.change('DELETE FROM idempotency_keys WHERE id = ? AND expires_at < ?', [
        ticket.id,
        encodeMoment(now()),
      ]);
      await this.rows.insert(IdempotencyKey, { ...ticket, status: reply.statusCode, answer, expires_at });
      return body;
    });
  }

  /** The stored answer, for a caller who may still have it; it is on the record before it leaves. */
  private async replay(ticket: Ticket, reply: FastifyReply, work: () => Promise<unknown>): Promise<unknown> {
    const stored = await this.rows.findOne(IdempotencyKey, { id: ticket.id });
    if (!stored || Date.parse(stored.expires_at) < Date.now()) return undefined;
    if (stored.body_mac !== ticket.body_mac)
      throw new ConflictError('This Idempotency-Key was used with another body', {
        field: 'Idempotency-Key',
      });
    const answer = await this.opener.open(place(ticket), stored.answer);
    const { headers, body } = JSON.parse(answer.disclose()) as Answer;
    await this.rehearsal.check(body, headers.location, work);
    await this.rehearsal.record(headers.location);
    // The rehearsal has set its own.
    for (const name of HEADERS) reply.removeHeader(name);
    reply.status(stored.status).headers({ ...headers, 'idempotency-replayed': 'true' });
    return body ?? null;
  }

  private async forgetExpired(): Promise<void> {
    await runAs(systemActor('cleanup'), () =>
      this.units.run(async () => {
        const count = await this.units.sql.change('DELETE FROM idempotency_keys WHERE expires_at < ?', [
          encodeMoment(now()),
        ]);
        if (count > 0) this.audit.record({ action: 'request.answers_expired', details: { count } });
      }),
    );
  }
}

const place = (ticket: Pick<Ticket, 'id'>) => ({
  table: 'idempotency_keys',
  row_id: ticket.id,
  field: 'answer',
  version: 1,
});

sealsIn({
  table: 'idempotency_keys',
  column: 'answer',
  needs: [],
  place: row => place({ id: String(row.id) }),
});
