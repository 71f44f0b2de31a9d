import type { INestApplicationContext } from '@nestjs/common';
import { DAY_MS } from '../../../core/database/values.js';
import { CredentialsService } from '../../../vault/credentials/credentials.service.js';
import { IncidentsService } from '../../../vault/incidents/incidents.service.js';
import type { Calendar } from './calendar.js';
import type { Random } from './random.js';

/** Incidents of the last weeks are still looked into. */
const RECENT_DAYS = 30;

/** What time has done to the rows of a client: old incidents are over, and of the secrets some are due. */
export async function age(
  app: INestApplicationContext,
  client_id: string,
  calendar: Calendar,
  random: Random,
): Promise<void> {
  const incidents = app.get(IncidentsService);
  for await (const incident of incidents.all({ client_id })) {
    if (incident.incident_date > calendar.dayBefore(RECENT_DAYS)) continue;
    const after = (days: number) =>
      new Date(Date.parse(`${incident.incident_date}T15:30:00Z`) + days * DAY_MS).toISOString();
    const contained = await incidents.change(incident, { status: 'contained', contained_at: after(0) });
    await incidents.change(contained, { status: 'resolved', resolved_at: after(random.whole(1, 9)) });
  }
  const credentials = app.get(CredentialsService);
  for await (const credential of credentials.all({ client_id }))
    if (credential.rotate_every_days !== null) {
      const last_rotated_at = calendar.momentBefore(random.whole(5, 1.3 * credential.rotate_every_days));
      await credentials.change(credential, { last_rotated_at }, 'rotate');
    }
}
