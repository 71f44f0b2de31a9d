import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { currentActor } from '../../core/context/request-context.js';
import { Plaintext } from '../../core/crypto/plaintext.js';
import { Sealer } from '../../core/crypto/sealer.js';
import { Signatures } from '../../core/crypto/signatures.js';
import { newId } from '../../core/database/new-id.js';
import { now } from '../../core/database/values.js';
import { Rows } from '../../core/table/rows.js';
import { placeOfSecret, WebhookSecret } from './webhook-secret.entity.js';

/** A secret that is not stored yet. */
export interface NewSecret extends Pick<WebhookSecret, 'id' | 'sealed'> {
  /** For the answer, where it was made here. */
  made?: string;
}

/** What signs the deliveries of webhooks. */
@Injectable()
export class WebhookSecrets {
  constructor(
    private readonly rows: Rows,
    private readonly sealer: Sealer,
    private readonly signatures: Signatures,
  ) {}

  /** Before the unit that stores it: seals a secret under the key of who brings it, or a new one of 256 bits. */
  async prepare(given?: string): Promise<NewSecret> {
    const secret = given ?? `whsec_${randomBytes(32).toString('base64url')}`;
    const id = newId();
    const owner = { kind: 'user', id: currentActor().id } as const;
    const sealed = await this.sealer.seal(owner, placeOfSecret(id), Plaintext.of(secret));
    return { id, sealed, ...(given === undefined ? { made: secret } : {}) };
  }

  /** In the running unit: from now on it signs, and what has signed until now does so beside it until then. */
  async add(webhook_id: string, { id, sealed }: NewSecret, former_ends_at = now()): Promise<void> {
    const [present, ...former] = await this.of(webhook_id);
    await this.rows.remove(WebhookSecret, { id: former.map(one => one.id) });
    if (present) await this.rows.update(WebhookSecret, { id: present.id }, { ends_at: former_ends_at });
    await this.rows.insert(WebhookSecret, { id, webhook_id, sealed, created_at: now(), ends_at: null });
  }

  /** `t=<seconds>,v1=<hex>[,v1=<hex>]`: HMAC-SHA256 of `<seconds>.<body>` with each secret that is good now. */
  async signature(webhook_id: string, body: string): Promise<string> {
    const seconds = Math.floor(Date.now() / 1_000);
    const good = (await this.of(webhook_id)).filter(
      one => one.ends_at === null || Date.parse(one.ends_at) > Date.now(),
    );
    const signed = await Promise.all(
      good.map(one => this.signatures.sign(placeOfSecret(one.id), one.sealed, `${seconds}.${body}`)),
    );
    return [`t=${seconds}`, ...signed.map(hex => `v1=${hex}`)].join(',');
  }

  /** The present one first. */
  private of(webhook_id: string): Promise<WebhookSecret[]> {
    return this.rows.find(WebhookSecret, { webhook_id }, { order: 'id DESC' });
  }
}
