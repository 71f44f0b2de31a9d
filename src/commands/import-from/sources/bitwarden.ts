import { z } from 'zod';
import { UsageError } from '../../../failure.js';
import { type Item, MOST_CHARACTERS, newItem, type Reading } from '../item.js';
import { pathOf } from './csv-format.js';

const line = z.string().max(MOST_CHARACTERS);
const text = line.nullish().transform(value => value ?? ''); // prettier-ignore
const named = z.object({ id: z.string(), name: text });
const EXPORT = z.object({
  encrypted: z.boolean().optional(),
  folders: z.array(named).nullish(),
  collections: z.array(named).nullish(),
  items: z.array(z.unknown()),
});

/** What is read of an item; what else stands in it is not (https://bitwarden.com/help/condition-bitwarden-import/). */
const ITEM = z.object({
  id: z.string().nullish(),
  type: z.number(),
  name: text,
  notes: text,
  folderId: z.string().nullish(),
  collectionIds: z.array(z.string()).nullish(),
  reprompt: z.number().nullish(),
  deletedDate: z.string().nullish(),
  archivedDate: z.string().nullish(),
  passwordHistory: z.array(z.unknown()).nullish(),
  attachments: z.array(z.unknown()).nullish(),
  fields: z
    .array(z.object({ name: text, value: z.union([line, z.boolean()]).nullish(), type: z.number() }))
    .nullish(),
  login: z
    .object({
      username: text,
      password: text,
      totp: text,
      uris: z.array(z.object({ uri: text })).nullish(),
      fido2Credentials: z.array(z.unknown()).nullish(),
    })
    .nullish(),
  sshKey: z.object({ privateKey: text, publicKey: text }).nullish(),
});
type BitwardenItem = z.infer<typeof ITEM>;

/** By the number of the type; for the others no credential of ours is made. */
const KINDS: Record<number, Item['kind'] | undefined> = { 1: 'login', 2: 'note', 5: 'ssh_key' };
const OTHERS: Record<number, string> = { 3: 'a card', 4: 'an identity' };
/** Of a field: a text, a hidden text, a flag; 3 only repeats the user name or the password. */
const [HIDDEN, LINKED] = [1, 3];

/** The unencrypted JSON of an individual's vault or of an organization's. @throws UsageError for anything else */
export function readBitwarden(json: string): Reading {
  const { data: exported, error } = EXPORT.safeParse(parsed(json));
  if (error)
    throw new UsageError(
      'This is no export of Bitwarden: an object with `encrypted`, `items`, and `folders` or `collections` is expected.',
    );
  const places = [...(exported.folders ?? []), ...(exported.collections ?? [])];
  const paths = new Map(places.map(one => [one.id, pathOf(one.name)]));
  const reading: Reading = { items: [], left: [], remarks: [] };
  exported.items.forEach((raw, index) => {
    const where = `item ${index + 1}`;
    const { data, error } = ITEM.safeParse(raw);
    const leave = (reason: string) => reading.left.push({ where, name: data?.name ?? null, reason });
    if (error) return leave(`not as Bitwarden writes it (${error.issues[0]?.path.join('.') || 'no object'})`);
    const kind = KINDS[data.type];
    if (!kind)
      return leave(
        `${OTHERS[data.type] ?? `of the unknown type ${data.type}`}, for which there is no type of credential`,
      );
    if (data.deletedDate) return leave('in the trash');
    return reading.items.push(itemOf(data, where, kind, paths));
  });
  return reading;
}

function parsed(json: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // What JSON.parse says quotes what it read.
    throw new UsageError('The file is no JSON: it was cut off or altered.');
  }
  const { encrypted, passwordProtected } = (value ?? {}) as Record<string, unknown>;
  if (encrypted === true || passwordProtected === true)
    throw new UsageError(
      'This export is encrypted: export as .json without encryption, and delete the file afterwards.',
    );
  return value;
}

function itemOf(
  { login, sshKey, ...item }: BitwardenItem,
  where: string,
  kind: Item['kind'],
  paths: Map<string, string[][]>,
): Item {
  const places = [item.folderId, ...(item.collectionIds ?? [])].filter(one => one != null);
  const fields = (item.fields ?? []).filter(
    one => one.type !== LINKED && one.value != null && one.value !== '',
  );
  const publicKey = sshKey?.publicKey
    ? [{ name: 'Public key', value: sshKey.publicKey, isHidden: false }]
    : [];
  const counted = {
    'a passkey': login?.fido2Credentials,
    'earlier passwords': item.passwordHistory,
    attachments: item.attachments,
  };
  return newItem({
    where,
    id: item.id ?? null,
    kind,
    title: item.name,
    username: login?.username ?? '',
    password: login?.password ?? '',
    totp: login?.totp ?? '',
    private_key: sshKey?.privateKey ?? '',
    urls: (login?.uris ?? []).map(one => one.uri),
    notes: item.notes,
    folders: places.flatMap(one => paths.get(one) ?? []),
    fields: [
      ...publicKey,
      ...fields.map(one => ({
        name: one.name,
        value: String(one.value),
        isHidden: one.type === HIDDEN,
      })),
    ],
    isArchived: Boolean(item.archivedDate),
    without: [
      ...Object.entries(counted).flatMap(([what, list]) => (list && list.length > 0 ? [what] : [])),
      ...(item.reprompt ? ['the question for the master password (see reveal_policy)'] : []),
    ],
  });
}
