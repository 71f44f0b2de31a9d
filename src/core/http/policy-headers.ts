import { ApiHeader } from '@nestjs/swagger';
import { sharedAs } from './shared-as.js';

/** How many rotations were demanded along with access that was taken away, and how many are left to demand. */
export const ROTATION_HEADERS = {
  demanded: 'X-Opskeep-Rotations-Demanded',
  demanded_before: 'X-Opskeep-Rotations-Demanded-Before',
  remaining: 'X-Opskeep-Rotations-Remaining',
} as const;

/** `X-Opskeep-Reason` in the document: of every route that opens something and has no reason in its body. */
export function ReasonHeader(): MethodDecorator & ClassDecorator {
  return ApiHeader({
    name: 'X-Opskeep-Reason',
    required: false,
    description: 'Why, for the audit trail; needed where the reveal policy is `reason`',
    schema: { type: 'string', minLength: 3 },
    ...sharedAs('X-Opskeep-Reason'),
  });
}

const BY_POLICY = 'A fresh one-time code of your second factor; needed where the reveal policy is `otp`';

/** `X-Opskeep-Otp` in the document: of every route that may ask for a fresh code. */
export function OtpHeader(description = BY_POLICY): MethodDecorator & ClassDecorator {
  const shared = description === BY_POLICY ? sharedAs('X-Opskeep-Otp') : {};
  return ApiHeader({
    name: 'X-Opskeep-Otp',
    required: false,
    description,
    schema: { type: 'string' },
    ...shared,
  });
}
