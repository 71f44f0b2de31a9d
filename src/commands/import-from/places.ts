import type { INestApplicationContext } from '@nestjs/common';
import { NotFoundError } from '../../core/context/errors.js';
import { isUuid } from '../../core/database/values.js';
import { Rows } from '../../core/table/rows.js';
import { uniqueKey } from '../../core/table/unique-key.js';
import { Client } from '../../directory/clients/client.entity.js';
import { UsageError } from '../../failure.js';
import type { Item } from './item.js';

/** How folders become clients. */
export interface PlacingOptions {
  /** Everything into this client: its name or id. */
  client?: string;
  /** `Folder=Client`; nothing before the sign stands for no folder, nothing behind it for the pool. */
  map?: string[];
  /** A client is made of a folder whose name no client has. */
  createClients?: boolean;
}

/** Whose a credential becomes: of a client that is there, of one to be made, or of nobody: in the pool. */
export type Place = { kind: 'client'; name: string; id?: string } | { kind: 'pool' };

type Found = Place | { kind: 'none'; reason: string };

export const NO_FOLDER = '(no folder)';

/** The folders of an entry, as the summary names them and `--map` takes them. */
export const folderName = (path: string[]): string => path.join('/');

const key = (name: string) => uniqueKey(name);

/** Which client an entry belongs to, by the names of its folders. */
export class Places {
  private readonly known = new Map<string, Place | undefined>();

  private constructor(
    private readonly clients: Map<string, Place>,
    private readonly mapped: Map<string, Place>,
    private readonly all: Place | undefined,
    private readonly makesClients: boolean,
  ) {}

  /** @throws UsageError for options that contradict each other, NotFoundError for a client that is not there */
  static async of(app: INestApplicationContext, items: Item[], options: PlacingOptions): Promise<Places> {
    const { client, map = [], createClients = false } = options;
    if (client !== undefined && map.length > 0)
      throw new UsageError('--client takes everything: there is nothing to --map.');
    const rows = await app.get(Rows).find(Client, {});
    const clients = new Map(
      rows.map(one => [key(one.name), { kind: 'client', name: one.name, id: one.id } as Place]),
    );
    const byId = new Map(rows.map(one => [one.id, { kind: 'client', name: one.name, id: one.id } as Place]));
    const named = (text: string): Place => {
      const found = isUuid(text) ? byId.get(text.toLowerCase()) : clients.get(key(text));
      if (found) return found;
      if (!createClients || isUuid(text))
        throw new NotFoundError(`There is no client ${text}; with --create-clients it is made.`);
      return { kind: 'client', name: text };
    };
    const folders = new Set(['', ...items.flatMap(one => one.folders).flatMap(prefixesOf)].map(key));
    const mapped = new Map<string, Place>();
    for (const [folder, target] of map.map(partsOf)) {
      if (!folders.has(key(folder))) throw new UsageError(`--map: there is no folder ${folder} in the file.`);
      mapped.set(key(folder), target === '' ? { kind: 'pool' } : named(target));
    }
    return new Places(clients, mapped, client === undefined ? undefined : named(client), createClients);
  }

  /** What `--map` says of the folder or one around it, else the client with the name of one of them, from the outermost; a folder is asked about once. */
  placeOf({ folders }: Pick<Item, 'folders'>): Found {
    if (this.all) return this.all;
    if (folders.length === 0) return this.mapped.get(key('')) ?? none('it is in no folder');
    const places = folders.map(path => this.remembered(path)).filter(one => one !== undefined);
    // Who shares an entry of a client with everybody has not taken it away from the client.
    const ofClients = places.filter(one => one.kind === 'client');
    const found = new Map((ofClients.length > 0 ? ofClients : places).map(one => [key(nameOf(one)), one]));
    const [only, other] = found.values();
    if (!only) return none('no client has the name of its folder');
    if (other)
      return none(`its folders belong to several clients (${[...found.values()].map(nameOf).join(', ')})`);
    return only;
  }

  private remembered(path: string[]): Place | undefined {
    const name = folderName(path);
    if (!this.known.has(name)) this.known.set(name, this.ofPath(path));
    return this.known.get(name);
  }

  private ofPath(path: string[]): Place | undefined {
    const around = prefixesOf(path)
      .reverse()
      .map(one => this.mapped.get(key(one)));
    const called = partsOfPath(path).map(one => this.clients.get(key(one)));
    const [name = ''] = path;
    const made: Place[] = this.makesClients ? [{ kind: 'client', name }] : [];
    return [...around, ...called, ...made].find(one => one !== undefined);
  }
}

/** a/b/c → a/b/c, a/b, a, b/c, b, c: the names of clients have slashes, too. */
function partsOfPath(path: string[]): string[] {
  return path.flatMap((_, begin) => prefixesOf(path.slice(begin)).reverse());
}

const none = (reason: string): Found => ({ kind: 'none', reason });

export const nameOf = (place: Place): string => (place.kind === 'pool' ? '(the pool)' : place.name);

/** `a/b/c` → a, a/b, a/b/c */
function prefixesOf(path: string[]): string[] {
  return path.map((_, index) => folderName(path.slice(0, index + 1)));
}

function partsOf(text: string): [folder: string, client: string] {
  const at = text.lastIndexOf('=');
  if (at === -1) throw new UsageError('--map takes Folder=Client.');
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
