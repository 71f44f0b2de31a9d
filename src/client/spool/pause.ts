import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from '../configuration.js';
import { readObject, writePrivate } from '../private-files.js';
import type { Refusal } from '../refusals.js';
import { keyOf } from './event.js';

/** Why a server is left alone: nothing came from it, or it does not do what it is asked. */
export interface Trouble {
  kind: Refusal['kind'] | 'away';
  reason: string;
  /** Milliseconds that the server asked for. */
  least?: number;
}

/** What a pause is of: its file, and its first and longest time in milliseconds. */
interface Of {
  name: string;
  first: number;
  longest: number;
}

/** Events are not brought away: from 10 seconds, doubled each time, to 10 minutes. */
const UPLOADS: Of = { name: 'pause', first: 10_000, longest: 10 * 60_000 };
/** Nothing is recalled: prompts would wait for it, each for its whole deadline. From half a minute to two. */
const SILENCE: Of = { name: 'silence', first: 30_000, longest: 120_000 };

/** How long a server is left alone, as a note in its folder. It is of one token, too: others are not concerned. */
export class Pause {
  private readonly file: string;

  private constructor(
    server: string,
    private readonly connection: Connection,
    private readonly of: Of,
  ) {
    this.file = join(server, `${of.name}.json`);
  }

  private get whose(): string {
    return keyOf(this.connection.url, this.connection.token);
  }

  /** @param server the folder of the server */
  static ofUploads(server: string, connection: Connection): Pause {
    return new Pause(server, connection, UPLOADS);
  }

  /** @param server the folder of the server */
  static ofRecall(server: string, connection: Connection): Pause {
    return new Pause(server, connection, SILENCE);
  }

  /** What went wrong last, and until when (milliseconds since 1970) it is not tried again; nothing after a success. */
  last(): (Trouble & { until: number; failures: number }) | undefined {
    const { whose, until, failures, kind, reason } = (existsSync(this.file) && readObject(this.file)) || {};
    if (typeof until !== 'number' || typeof reason !== 'string' || whose !== this.whose) return undefined;
    const count = typeof failures === 'number' ? failures : 0;
    return { until, failures: count, kind: kind as Trouble['kind'], reason };
  }

  /** Undefined when nothing speaks against trying. */
  current(now = Date.now()): Trouble | undefined {
    const last = this.last();
    return last && last.until > now && last.until <= now + this.of.longest ? last : undefined;
  }

  /** A disk that takes no note costs others a try. */
  begin({ kind, reason, least = 0 }: Trouble, now = Date.now()): void {
    const failures = this.last()?.failures ?? 0;
    const wait = Math.min(Math.max(this.of.first * 2 ** Math.min(failures, 16), least), this.of.longest);
    const note = { whose: this.whose, until: now + wait, failures: failures + 1, kind, reason };
    try {
      writePrivate(this.file, JSON.stringify(note));
    } catch {
      // As before.
    }
  }

  /** Ends it, or only what began for one of these reasons. */
  end(...kinds: Trouble['kind'][]): void {
    // As a rule there is none, and a prompt cannot afford to find that out by an error.
    if (!existsSync(this.file)) return;
    if (kinds.length === 0 || kinds.includes(this.last()?.kind ?? 'busy')) rmSync(this.file, { force: true });
  }
}
