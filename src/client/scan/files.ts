import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { decodeUtf8 } from '../../formats/utf8.js';
import { ClientError, EXIT } from '../cli/errors.js';
import { readFileBytes } from '../read-file.js';

/** How a file is read. */
export type FileKind = 'markdown' | 'env' | 'text';

/** Where a search ends. */
export interface Bounds {
  files: number;
  milliseconds: number;
}

const BOUNDS: Bounds = { files: 20_000, milliseconds: 60_000 };
const MOST_BYTES = 1 << 20;
const MOST_LEVELS = 64;

/** Made by tools, not written by people. */
const SKIPPED = new Set(
  (
    'node_modules .git .hg .svn .jj dist build out target vendor bower_components .venv venv __pycache__ .cache .next ' +
    '.nuxt .svelte-kit .turbo .parcel-cache coverage .terraform .tox .nox .mypy_cache .pytest_cache .ruff_cache .gradle ' +
    '.idea .vscode .yarn .pnpm-store .npm .cargo .rustup .m2 tmp .Trash'
  ).split(' '),
);

const KINDS: [FileKind, RegExp][] = [
  ['env', /^\.env(?:\..+)?$|\.env$|^\.envrc$/i],
  ['markdown', /\.(?:md|markdown|mdx)$/i],
  ['text', /\.(?:txt|text|rst|adoc|org)$/i],
];
const kindOf = (name: string) => KINDS.find(([, pattern]) => pattern.test(name))?.[0];

/** What a search went through. */
export interface Searched {
  files: number;
  /** Files and folders that could not be read, and why. */
  skipped: { file: string; reason: string }[];
  /** Whether it came to its end. */
  complete: boolean;
}

/**
 * Reads Markdown, `.env` and text below some paths, in the order of their names; a file that is named itself is read
 * whatever it is called. Links below them are not followed, folders of builds and caches left out.
 *
 * @throws ClientError for a path that is not there
 */
export class Search {
  readonly told: Searched = { files: 0, skipped: [], complete: true };
  private readonly end: number;

  constructor(
    private readonly visit: (path: string, kind: FileKind, text: string, isOver: () => boolean) => void,
    private readonly bounds: Bounds = BOUNDS,
  ) {
    this.end = performance.now() + bounds.milliseconds;
  }

  run(paths: string[]): Searched {
    for (const path of paths) {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (!stat) throw new ClientError(`${path} is not there`, EXIT.missing, 'not_found');
      if (stat.isDirectory()) this.folder(path, 0);
      else this.file(path, kindOf(basename(path)) ?? 'text');
    }
    return this.told;
  }

  private isOver(): boolean {
    if (this.told.files >= this.bounds.files) this.told.complete = false;
    return this.isLate();
  }

  private isLate(): boolean {
    if (performance.now() > this.end) this.told.complete = false;
    return !this.told.complete;
  }

  private folder(path: string, level: number): void {
    let entries;
    try {
      entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      return this.skip(path, (error as NodeJS.ErrnoException).code ?? 'error');
    }
    for (const entry of entries) {
      if (this.isOver()) return;
      const below = join(path, entry.name);
      const kind = kindOf(entry.name);
      if (entry.isFile() && kind) this.file(below, kind);
      else if (!entry.isDirectory() || SKIPPED.has(entry.name)) continue;
      else if (level < MOST_LEVELS) this.folder(below, level + 1);
      else this.skip(below, 'too deep');
    }
  }

  private file(path: string, kind: FileKind): void {
    this.told.files++;
    const bytes = readFileBytes(path, { most: MOST_BYTES });
    if (!bytes) return this.skip(path, 'larger than 1 MiB, or not readable');
    const text = textOf(bytes);
    if (text === undefined) return this.skip(path, 'no text');
    this.visit(path, kind, text, () => this.isLate());
  }

  private skip(file: string, reason: string): void {
    this.told.skipped.push({ file, reason });
  }
}

/** UTF-8, or UTF-16 as Windows writes it; undefined for everything else. */
function textOf(bytes: Buffer): string | undefined {
  try {
    const text =
      bytes[0] === 0xff && bytes[1] === 0xfe
        ? new TextDecoder('utf-16le', { fatal: true }).decode(bytes)
        : decodeUtf8(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
