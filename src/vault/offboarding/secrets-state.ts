import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ConflictError } from '../../core/context/errors.js';
import { Units } from '../../core/database/units.js';

const NEWEST = 50;
export const EXPORTED = 'client.export';

interface Exported {
  sha256?: string;
  state?: string;
}

/** Whether an export still holds all that a client has: the trail keeps the digests of both. */
@Injectable()
export class SecretsState {
  constructor(private readonly units: Units) {}

  /** SHA-256 in hex of which credentials the client has, and which versions of their secrets. */
  async of(client_id: string): Promise<string> {
    const rows = await this.units.sql.select<{ id: string; secret_version: number }>(
      'SELECT id, secret_version FROM credentials WHERE client_id = ? ORDER BY id',
      [client_id],
    );
    const hash = createHash('sha256');
    for (const { id, secret_version } of rows) hash.update(`${id} ${secret_version}\n`);
    return hash.digest('hex');
  }

  /** @throws ConflictError where no export has that digest, or secrets were changed since */
  async requireCurrent(client_id: string, sha256: string): Promise<void> {
    const about = { field: 'export_sha256', resource_type: 'Client', resource_id: client_id };
    const entries = await this.units.sql.select<{ details: string }>(
      "SELECT details FROM journal WHERE +resource_type = 'client' AND resource_id = ? " +
        `AND +action = '${EXPORTED}' AND outcome = 'ok' ORDER BY n DESC LIMIT ${NEWEST}`,
      [client_id],
    );
    const found = entries
      .map(one => JSON.parse(one.details) as Exported)
      .find(one => one.sha256 === sha256 && one.state !== undefined);
    if (!found)
      throw new ConflictError(
        'No export of this client that was finished has this digest: make one by POST …/export-secrets',
        about,
      );
    if (found.state !== (await this.of(client_id)))
      throw new ConflictError(
        'Secrets of the client were changed since that export: make another one',
        about,
      );
  }
}
