import type { INestApplicationContext } from '@nestjs/common';

/** An entry on the trail for what was done to keys, which no row of the main database shows. */
export async function recordOnTrail(
  app: INestApplicationContext,
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  const { Audit } = await import('../../core/audit/audit.service.js');
  const { Units } = await import('../../core/database/units.js');
  const audit = app.get(Audit);
  await app.get(Units).run(() => Promise.resolve(audit.record({ action, details })));
}
