import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Audit } from '../../../core/audit/audit.service.js';
import { Logger } from '../../../core/context/logger.js';
import {
  type FailedPlace,
  OpeningFailures,
  type OpeningPurpose,
} from '../../../core/crypto/opening-failures.js';
import { Units } from '../../../core/database/units.js';
import { IncidentsService } from '../incidents.service.js';

/** One entry for each value within so many milliseconds, however often it is tried. */
const APART_MS = 60_000;
const CREDENTIALS = 'credential_secrets';
/** What the trail calls the row of a table. */
const TYPES: Record<string, string> = { users: 'user', [CREDENTIALS]: 'credential' };

/**
 * Sealed values that do not open outside of a reveal, which tells of its own: seeds of second factors, stored answers, and
 * secrets that are sealed for another owner. Each is an entry on the trail and an incident.
 */
@Injectable()
export class OpeningWatch implements OnModuleInit {
  private readonly told = new LRUCache<string, true>({ max: 10_000, ttl: APART_MS });

  constructor(
    private readonly failures: OpeningFailures,
    private readonly units: Units,
    private readonly audit: Audit,
    private readonly incidents: IncidentsService,
    private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.failures.on((place, purpose) => this.failed(place, purpose));
  }

  private failed(place: FailedPlace, purpose: OpeningPurpose): void {
    if (place.table === CREDENTIALS && purpose === 'open') return;
    const name = `${place.table}:${place.row_id}:${place.field}`;
    if (this.told.has(name)) return;
    this.told.set(name, true);
    // The unit that wanted to open it fails, and would take the entry along.
    void this.units
      .afterEnd(() => this.tell(place))
      .catch((error: unknown) =>
        this.logger.error({ err: error }, 'a failed opening could not be told to the trail'),
      );
  }

  private async tell({ table, row_id, field, version }: FailedPlace): Promise<void> {
    const isCredential = table === CREDENTIALS;
    await this.audit.recordRead({
      action: isCredential ? 'credential.decrypt' : 'secret.decrypt',
      outcome: 'failed',
      resource_type: TYPES[table] ?? table,
      resource_id: row_id,
      details: { field, version },
    });
    await this.incidents.raise({
      key: `opening_failed:${row_id}`.slice(0, 200),
      incident_type: 'unauthorized_access',
      severity: 'high',
      title: isCredential ? 'A stored secret does not open' : `A sealed value of ${table} does not open`,
      text: `The ${field} of ${isCredential ? 'the linked credential' : `${table} ${row_id}`} was altered or moved in the database, or its key is not the right one`,
      credential_ids: isCredential ? [row_id] : [],
    });
  }
}
