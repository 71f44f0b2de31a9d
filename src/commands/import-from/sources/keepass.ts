import { normalized } from '../../../formats/normalized.js';
import { type CsvFormat, pathOf } from './csv-format.js';

/** What KeePassXC calls the group that all others are in, where nobody has renamed it. */
const ROOT = /^Root(?=\/|$)/;

/**
 * What KeePassXC calls the group of what was thrown away when it makes it, below the outermost: "Recycle Bin" in the
 * language of its user (share/translations of its repository).
 */
const TRASH = new Set(
  (
    'Recycle Bin|Papierkorb|Corbeille|Papelera|Paperera|Cestino|Lixeira|Reciclagem|Prullenbak|Papirkurv|Papperskorg|' +
    'Roskakori|Prügikast|Kosz|Koš|Kôš|Kuka|Koš za smeće|Coș de gunoi|Kosh Hedhurinash|Keranjang Sampah|Çöp kutusu|' +
    'Šiukšlinė|Κάδος Ανακύκλωσης|Корзина|Смітник|Кошче|Корпа за отпатке|סל־מחזור|سلة المهملات|ゴミ箱|回收站|回收桶|휴지통|ถังขยะ'
  )
    .split('|')
    .map(one => normalized(one, 'NFC')),
);

/**
 * KeePass 2 exports "KeePass CSV (1.x)": Account, Login Name, Password, Web Site, Comments, quotes and backslashes behind
 * a backslash (https://keepass.info/help/base/importexport.html); KeePassXC its own, with Group first (its CsvExporter).
 */
export const KEEPASS: CsvFormat<'group' | 'title' | 'username' | 'password' | 'url' | 'notes' | 'totp'> = {
  source: 'keepass-csv',
  label: 'KeePass 2 or KeePassXC',
  columns: {
    group: ['Group'],
    title: ['Title', 'Account'],
    username: ['Username', 'Login Name', 'User Name'],
    password: ['Password'],
    url: ['URL', 'Web Site'],
    notes: ['Notes', 'Comments'],
    totp: ['TOTP'],
  },
  required: ['title', 'username', 'password', 'url', 'notes'],
  ignored: ['Icon', 'Last Modified', 'Created'],
  escape: columns => (columns.includes('account') && columns.includes('loginname') ? '\\' : '"'),
  isTrash: cells => TRASH.has(normalized((cells.group.split('/', 2)[1] ?? '').trim(), 'NFC')),
  item: cells => ({
    title: cells.title,
    username: cells.username,
    password: cells.password,
    totp: cells.totp,
    urls: [cells.url],
    notes: cells.notes,
    folders: pathOf(cells.group.replace(ROOT, '')),
  }),
};
