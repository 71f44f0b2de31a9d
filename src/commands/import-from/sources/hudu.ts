import { type CsvFormat, folderOf, isYes, shownFields } from './csv-format.js';

/**
 * Passwords of a company's CSV export (or what scripts write of its API, whose fields are called alike:
 * https://github.com/lwhitelock/HuduAPI): `description` is what Hudu shows as notes.
 */
export const HUDU: CsvFormat<
  | 'id'
  | 'company'
  | 'name'
  | 'username'
  | 'password'
  | 'totp'
  | 'url'
  | 'description'
  | 'type'
  | 'folder'
  | 'archived'
> = {
  source: 'hudu-csv',
  label: 'Hudu',
  columns: {
    id: ['id'],
    company: ['company_name', 'Company'],
    name: ['name'],
    username: ['username'],
    password: ['password'],
    totp: ['otp_secret', 'OTP'],
    url: ['url', 'login_url'],
    description: ['description', 'notes'],
    type: ['password_type', 'type'],
    folder: ['password_folder_name', 'password_folder', 'folder'],
    archived: ['archived', 'discarded_at'],
  },
  required: ['company', 'name', 'username', 'password', 'url', 'description'],
  ignored: [
    'company_id', 'slug', 'in_portal', 'passwordable_id', 'passwordable_type', 'password_folder_id', 'created_at', 'updated_at',
  ], // prettier-ignore
  item: cells => ({
    id: cells.id || null,
    title: cells.name,
    username: cells.username,
    password: cells.password,
    totp: cells.totp,
    urls: [cells.url],
    notes: cells.description,
    folders: folderOf(cells.company),
    fields: shownFields({ Folder: cells.folder }),
    tags: [cells.type],
    isArchived: isYes(cells.archived) || /^\d{4}-/.test(cells.archived),
  }),
};
