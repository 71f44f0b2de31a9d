/** Of one text of an entry: far more than any credential takes. */
export const MOST_CHARACTERS = 1_000_000;

/** What one entry of an export says, whichever program it comes from. Texts that are absent are empty. */
export interface Item {
  /** Where it stands in the file: `line 12`, `item 3`. */
  where: string;
  title: string;
  /** What its program names it by for good; null where the export has nothing of the kind. */
  id: string | null;
  kind: 'login' | 'note' | 'ssh_key';
  /** The folders, collections or tags that it is in, each as a path from the outermost. */
  folders: string[][];
  username: string;
  password: string;
  /** An otpauth:// address, or a seed in base32. */
  totp: string;
  private_key: string;
  urls: string[];
  /** Of a `note` this is the secret. */
  notes: string;
  fields: ItemField[];
  tags: string[];
  isArchived: boolean;
  /** What it has that is not brought in, in words: `a passkey`. */
  without: string[];
}

/** A field that somebody added; the value of a hidden one is a secret. */
export interface ItemField {
  name: string;
  value: string;
  isHidden: boolean;
}

/** What is told of an entry, never with a value of it. */
export interface Told {
  where: string;
  /** How the entry is called; null where that cannot be told. */
  name: string | null;
  reason: string;
}

/** What an export says, and what of it is not understood. */
export interface Reading {
  items: Item[];
  left: Told[];
  /** What holds for the whole file. */
  remarks: string[];
}

export function newItem(given: Partial<Item> & Pick<Item, 'where'>): Item {
  const texts = { title: '', username: '', password: '', totp: '', private_key: '', notes: '' };
  const lists = { folders: [], urls: [], fields: [], tags: [], without: [] };
  return { id: null, kind: 'login', isArchived: false, ...texts, ...lists, ...given };
}
