import { type CsvFormat, pathOf } from './csv-format.js';

const LEFT_OUT = 'not a login, which the CSV does not hold whole: export as JSON';

/** https://bitwarden.com/help/condition-bitwarden-import/: of an individual (folder) and of an organization (collections). */
export const BITWARDEN_CSV: CsvFormat<
  'folder' | 'collections' | 'type' | 'name' | 'notes' | 'fields' | 'uri' | 'username' | 'password' | 'totp'
> = {
  source: 'bitwarden',
  label: 'Bitwarden',
  columns: {
    folder: ['folder'],
    collections: ['collections'],
    type: ['type'],
    name: ['name'],
    notes: ['notes'],
    fields: ['fields'],
    uri: ['login_uri'],
    username: ['login_username'],
    password: ['login_password'],
    totp: ['login_totp'],
  },
  required: ['type', 'name', 'notes', 'uri', 'username', 'password'],
  ignored: ['favorite', 'reprompt', 'archivedDate'],
  item: cells => ({
    title: cells.name,
    kind: cells.type === 'note' ? 'note' : 'login',
    username: cells.username,
    password: cells.password,
    totp: cells.totp,
    urls: cells.uri.split(','),
    notes: cells.notes,
    folders: [...pathOf(cells.folder), ...cells.collections.split(',').flatMap(pathOf)],
    fields: fieldsOf(cells.fields),
    without: ['login', 'note', ''].includes(cells.type) ? [] : [LEFT_OUT],
  }),
};

/** `name: value`, one a line; which of them were hidden is not told, so each of them is a secret. */
function fieldsOf(text: string): { name: string; value: string; isHidden: boolean }[] {
  const lines = text.split(/\r?\n/).filter(one => one.trim() !== '');
  return lines.map(line => {
    const at = line.indexOf(': ');
    return at === -1
      ? { name: 'field', value: line, isHidden: true }
      : { name: line.slice(0, at), value: line.slice(at + 2), isHidden: true };
  });
}
