import { Injectable } from '@nestjs/common';
import { seesClient } from '../../core/context/actor.js';
import { currentActor } from '../../core/context/request-context.js';
import { Units } from '../../core/database/units.js';
import { termsOf } from '../text/terms.js';

interface Named {
  id: string;
  words: string[];
}

/** Names are read anew after so long: another server may have changed them. */
const FRESH_MS = 30_000;
/** A first word that more clients have, of those that the actor sees, names none of them. */
const MOST_ALIKE = 3;
const LEAST_LETTERS = 4;

/** Which clients a question names: all words of the name, or the first one where few clients have it. */
@Injectable()
export class NamedClients {
  private read_at = 0;
  private byFirst: Promise<Map<string, Named[]>> | undefined;

  constructor(private readonly units: Units) {}

  /** Their ids, of those alone that the actor sees: the others change nothing. */
  async in(question: string): Promise<Set<string>> {
    const asked = new Set(termsOf(question).words);
    const byFirst = await this.names();
    const actor = currentActor();
    const found = new Set<string>();
    for (const word of asked) {
      const alike = (byFirst.get(word) ?? []).filter(({ id }) => seesClient(actor, id));
      for (const { id, words } of alike) {
        const isWhole = words.length > 1 && words.every(one => asked.has(one));
        const isEnough = alike.length <= MOST_ALIKE && word.length >= LEAST_LETTERS;
        if (isWhole || isEnough) found.add(id);
      }
    }
    return found;
  }

  /** They are read when they are next asked for. */
  forget(): void {
    this.byFirst = undefined;
  }

  private names(): Promise<Map<string, Named[]>> {
    const now = performance.now();
    if (this.byFirst && now - this.read_at < FRESH_MS) return this.byFirst;
    this.read_at = now;
    const reading = this.read();
    reading.catch(() => this.forget());
    return (this.byFirst = reading);
  }

  private async read(): Promise<Map<string, Named[]>> {
    const rows = await this.units.sql.scan<{ id: string; name: string }>('SELECT id, name FROM clients');
    const byFirst = new Map<string, Named[]>();
    for (const { id, name } of rows) {
      const { words } = termsOf(name);
      const [first] = words;
      if (first !== undefined) byFirst.set(first, [...(byFirst.get(first) ?? []), { id, words }]);
    }
    return byFirst;
  }
}
