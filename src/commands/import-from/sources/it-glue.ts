import { type CsvFormat, folderOf, isYes, shownFields } from './csv-format.js';

const IS_FLAG = /^(?:true|false|yes|no|0|1)?$/i;

/**
 * passwords.csv of an account's or an organization's export. `otp_secret` (older: `one_time_password`) holds the seed or
 * only whether there is one; an embedded password names the asset that it belongs to (`resource_type`, `resource_id`).
 */
export const IT_GLUE: CsvFormat<
  | 'id'
  | 'organization'
  | 'name'
  | 'category'
  | 'folder'
  | 'resource_type'
  | 'resource_id'
  | 'username'
  | 'password'
  | 'totp'
  | 'archived'
  | 'url'
  | 'notes'
> = {
  source: 'itglue-csv',
  label: 'IT Glue',
  columns: {
    id: ['id'],
    organization: ['organization', 'organization_name'],
    name: ['name'],
    category: ['password_category', 'category'],
    folder: ['password_folder', 'folder'],
    resource_type: ['resource_type'],
    resource_id: ['resource_id'],
    username: ['username'],
    password: ['password'],
    totp: ['otp_secret', 'one_time_password'],
    archived: ['archived'],
    url: ['url'],
    notes: ['notes'],
  },
  required: ['organization', 'name', 'username', 'password', 'url', 'notes'],
  ignored: ['created_at', 'updated_at', 'password_updated_at', 'restricted'],
  item: cells => {
    const isFlag = IS_FLAG.test(cells.totp.trim());
    const resource = cells.resource_type && `${cells.resource_type} ${cells.resource_id}`.trim();
    return {
      id: cells.id || null,
      title: cells.name,
      username: cells.username,
      password: cells.password,
      totp: isFlag ? '' : cells.totp,
      urls: [cells.url],
      notes: cells.notes,
      folders: folderOf(cells.organization),
      fields: shownFields({ Folder: cells.folder, 'Belongs to': resource }),
      tags: [cells.category],
      isArchived: isYes(cells.archived),
      without:
        isFlag && isYes(cells.totp)
          ? ['one-time codes: the export says that there are some, without the seed']
          : [],
    };
  },
};
