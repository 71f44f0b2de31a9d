import type { INestApplicationContext } from '@nestjs/common';
import { UsageError } from '../../failure.js';
import { NotFoundError } from '../../core/context/errors.js';
import { isUuid } from '../../core/database/values.js';
import { allResources } from '../../core/resource/resource.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import { DataExport, type DataExportWish } from '../../operations/data-folders/data-export.service.js';
import type { Manifest } from '../../operations/data-folders/folder-format.js';

/** What the command line names: a client by name or id, resources by their paths. */
export interface ExportAsked extends Pick<DataExportWish, 'file_format' | 'resources' | 'told' | 'secrets'> {
  client?: string;
}

/** @throws UsageError for a resource that there is none of; NotFoundError for such a client */
export async function exportFolder(
  app: INestApplicationContext,
  folder: string,
  { client, ...asked }: ExportAsked,
): Promise<Manifest> {
  const paths = allResources().map(one => one.path);
  const unknown = asked.resources?.find(one => !paths.includes(one));
  if (unknown !== undefined)
    throw new UsageError(`--resources names what is no resource. There are: ${paths.sort().join(', ')}.`);
  const found = client === undefined ? undefined : await clientCalled(app, client);
  return app.get(DataExport).make(folder, { ...asked, ...(found && { client: found }) });
}

async function clientCalled(
  app: INestApplicationContext,
  called: string,
): Promise<{ id: string; name: string }> {
  const clients = app.get(ResourceRegistry).ofClients();
  const where: Record<string, string> = isUuid(called) ? { id: called } : { name: called };
  const [row] = (await clients.list({ ...where, archived: 'any', limit: '1' })).items;
  if (!row) throw new NotFoundError('There is no client of this name or id', { resource_type: 'Client' });
  return { id: row.id, name: String((row as { name?: unknown }).name) };
}
