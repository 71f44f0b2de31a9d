import { Secret, TOTP } from 'otpauth';
import { ADMIN_PASSWORD, type TestApp, type TestUser } from '../app.js';

/** The second factor of a user, as the telephone has it. */
export interface Factor {
  /** The present code, usable though it was used before. */
  code(): Promise<string>;
  /** Six digits that are not accepted now. */
  wrong(): string;
}

/** Enrols and confirms a second factor for a user of the tests. */
export async function enrol(t: TestApp, user: TestUser): Promise<Factor> {
  const act = (verb: string, body: object) =>
    t.http('POST', `/api/auth/totp/${verb}`, { token: user.token, body });
  const { body } = await act('enroll', { password: ADMIN_PASSWORD });
  const totp = new TOTP({ secret: Secret.fromBase32(String(body.secret)) });
  const at = (steps: number) => totp.generate({ timestamp: Date.now() + steps * 30_000 });
  const confirmed = await act('confirm', { otp: at(0) });
  if (confirmed.status !== 204) throw new Error(`confirm: ${confirmed.status} ${confirmed.text}`);
  return {
    code: async () => {
      await t.change('UPDATE users SET totp_step = 0 WHERE id = ?', [user.id]);
      return at(0);
    },
    wrong: () => {
      const good = [-2, -1, 0, 1, 2].map(at);
      return (
        ['000000', '111111', '222222', '333333', '444444', '555555'].find(one => !good.includes(one)) ?? ''
      );
    },
  };
}
