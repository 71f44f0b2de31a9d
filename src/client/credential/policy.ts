import type { OptionSpec } from '../cli/command.js';

/** What a reveal policy may ask for. */
export const POLICY_OPTIONS: Record<string, OptionSpec> = {
  reason: { value: 'text', about: 'why, for the audit trail; needed where the policy asks for one' },
  otp: {
    value: 'code',
    about: 'a fresh one-time code of your own second factor, where the policy asks for one; - to be asked',
  },
};

/** The headers that a refusal of the server names, as options of commands. */
export const inOptions = (message: string) =>
  message
    .replace('in the header X-Opskeep-Reason', 'in --reason TEXT')
    .replace('in the header X-Opskeep-Otp', 'in --otp CODE')
    .replace(/by POST \/api\/approval-requests \{[^}]*\}/, 'by opskeep credential request NAME --reason TEXT')
    .replace('; with ?reveal=false the answer holds the metadata alone', '');
