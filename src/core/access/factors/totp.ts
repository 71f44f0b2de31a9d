import { Injectable } from '@nestjs/common';
import { Secret, TOTP } from 'otpauth';
import { Opener } from '../../crypto/opener.js';
import { Plaintext } from '../../crypto/plaintext.js';
import { sealedForColumn } from '../../crypto/sealed-text.js';
import { sealsIn } from '../../crypto/sealed-places.js';
import { Sealer } from '../../crypto/sealer.js';
import { Units } from '../../database/units.js';
import { ConflictError } from '../../context/errors.js';
import { Rows } from '../../table/rows.js';
import { Audit } from '../../audit/audit.service.js';
import { User } from '../user.entity.js';

const PERIOD = 30;
const enrolled = () => new ConflictError('A second factor is enrolled already; disable it first');
const place = (user: Pick<User, 'id'>) => ({
  table: 'users',
  row_id: user.id,
  field: 'totp_sealed',
  version: 1,
});
sealsIn({ table: 'users', column: 'totp_sealed', needs: [], place: row => place({ id: String(row.id) }) });

/** What an enrolment stores, and what it shows. */
export interface Enrolment {
  totp_sealed: User['totp_sealed'];
  answer: { secret: string; uri: string };
}

/** Second factors by time (RFC 6238, SHA-1, six digits, 30 seconds); the seed is sealed under the user's key. */
@Injectable()
export class Totp {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly sealer: Sealer,
    private readonly opener: Opener,
    private readonly audit: Audit,
  ) {}

  /** A seed and how it is stored: made before the unit that stores it. */
  async prepare(user: User): Promise<Enrolment> {
    if (user.totp_enrolled) throw enrolled();
    const secret = new Secret({ size: 20 });
    const totp_sealed = await this.sealer.seal(
      { kind: 'user', id: user.id },
      place(user),
      Plaintext.of(secret.base32),
    );
    const uri = new TOTP({ issuer: 'Opskeep', label: user.email, secret, period: PERIOD }).toString();
    return { totp_sealed, answer: { secret: secret.base32, uri } };
  }

  /** In the running unit: stores a seed, which counts only after `confirm`. The answer is shown this once. */
  async enroll(user: User, { totp_sealed, answer }: Enrolment): Promise<Enrolment['answer']> {
    const changes = { totp_sealed, totp_step: 0 };
    if ((await this.rows.update(User, { id: user.id, totp_enrolled: false }, changes)) !== 1)
      throw enrolled();
    this.audit.record({
      action: 'auth.totp_enroll',
      resource_type: 'user',
      resource_id: user.id,
      name: user.email,
    });
    return answer;
  }

  /** False when the code is not the present one. */
  async confirm(user: User, code: string): Promise<boolean> {
    return this.units.run(async () => {
      if (!(await this.use(user, code))) return false;
      await this.rows.update(User, { id: user.id }, { totp_enrolled: true });
      this.audit.record({
        action: 'auth.totp_confirm',
        resource_type: 'user',
        resource_id: user.id,
        name: user.email,
      });
      return true;
    });
  }

  /** False when the code is not the present one. */
  async disable(user: User, code: string): Promise<boolean> {
    return this.units.run(async () => {
      if (!(await this.use(user, code))) return false;
      await this.rows.update(User, { id: user.id }, { totp_enrolled: false, totp_sealed: null });
      this.audit.record({
        action: 'auth.totp_disable',
        resource_type: 'user',
        resource_id: user.id,
        name: user.email,
      });
      return true;
    });
  }

  /**
   * Checks a code, one step of clock drift allowed, and uses it up: fifty at once succeed once, and the seed must
   * still be the one that was checked.
   */
  async use(user: User, code: string): Promise<boolean> {
    const step = await this.stepOf(user, code);
    if (step === undefined || user.totp_sealed === null) return false;
    const text = 'UPDATE users SET totp_step = ? WHERE id = ? AND totp_step < ? AND totp_sealed = ?';
    const sealed = sealedForColumn(user.totp_sealed);
    return (await this.units.sql.change(text, [step, user.id, step, sealed])) === 1;
  }

  /** Whether a code that `use` has refused is right but was used before: whoever sends one twice does not guess. */
  async isSpent(user: User, code: string): Promise<boolean> {
    return (await this.stepOf(user, code)) !== undefined;
  }

  /** The time step that a code is of; undefined where it is none of now. */
  private async stepOf(user: User, code: string): Promise<number | undefined> {
    if (user.totp_sealed === null || !/^\d{6}$/.test(code)) return undefined;
    const seed = await this.opener.open(place(user), user.totp_sealed);
    const secret = Secret.fromBase32(seed.disclose());
    const timestamp = Date.now();
    const delta = new TOTP({ secret, period: PERIOD }).validate({ token: code, window: 1, timestamp });
    return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD) + delta;
  }
}
