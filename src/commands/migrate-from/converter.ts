import type { INestApplicationContext } from '@nestjs/common';
import type { Units } from '../../core/database/units.js';
import type { ClientsService } from '../../directory/clients/clients.service.js';
import type { EarlierEntries } from '../../operations/earlier-entries/earlier-entries.service.js';
import type { ImportedRows } from '../../operations/imported-rows/imported-rows.service.js';
import type { Credential } from '../../vault/credentials/credential.entity.js';
import type { CredentialsService } from '../../vault/credentials/credentials.service.js';
import type { Client } from '../../directory/clients/client.entity.js';
import type { Type } from '../../core/table/field-spec.js';

/** What a migration stands on; loaded when a command has understood its line. */
export interface Converter {
  units: Units;
  clients: ClientsService;
  credentials: CredentialsService;
  imported: ImportedRows;
  history: EarlierEntries;
  types: { Client: Type<Client>; Credential: Type<Credential> };
}

export async function converterOf(app: INestApplicationContext): Promise<Converter> {
  const { Units: units } = await import('../../core/database/units.js');
  const { ClientsService: clients } = await import('../../directory/clients/clients.service.js');
  const { CredentialsService: credentials } = await import('../../vault/credentials/credentials.service.js');
  const { ImportedRows: imported } = await import('../../operations/imported-rows/imported-rows.service.js');
  const { EarlierEntries: history } =
    await import('../../operations/earlier-entries/earlier-entries.service.js');
  const { Client } = await import('../../directory/clients/client.entity.js');
  const { Credential } = await import('../../vault/credentials/credential.entity.js');
  return {
    units: app.get(units),
    clients: app.get(clients),
    credentials: app.get(credentials),
    imported: app.get(imported),
    history: app.get(history),
    types: { Client, Credential },
  };
}
