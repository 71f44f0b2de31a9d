import { type CsvFormat, isYes, pathOf } from './csv-format.js';

/**
 * One vault a file, without its name: tags are the only order in it (https://support.1password.com/export/; the names of
 * the columns are those of 1Password 8, and of the older form that its help describes for imports).
 */
export const ONE_PASSWORD: CsvFormat<
  'title' | 'url' | 'username' | 'password' | 'totp' | 'archived' | 'tags' | 'notes'
> = {
  source: '1password-csv',
  label: '1Password',
  columns: {
    title: ['Title'],
    url: ['Url', 'Website'],
    username: ['Username'],
    password: ['Password'],
    totp: ['OTPAuth', 'One-time password'],
    archived: ['Archived', 'Archived status'],
    tags: ['Tags'],
    notes: ['Notes'],
  },
  required: ['title', 'url', 'username', 'password', 'tags', 'notes'],
  ignored: ['Favorite', 'Favorite status'],
  item: cells => {
    const tags = cells.tags.split(/[,;]/).map(one => one.trim()).filter(one => one !== ''); // prettier-ignore
    return {
      title: cells.title,
      username: cells.username,
      password: cells.password,
      totp: cells.totp,
      urls: [cells.url],
      notes: cells.notes,
      folders: tags.flatMap(pathOf),
      tags,
      isArchived: isYes(cells.archived),
    };
  },
};
