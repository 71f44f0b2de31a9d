import { Transform, type TransformCallback } from 'node:stream';
import { marker } from '../../../formats/redaction/marker.js';
import { Automaton } from './automaton.js';
import { passwordsIn, spellingsOf } from './spellings.js';

const MARK = Buffer.from(marker('secret'));

/** What is masked, by places in the bytes at hand; `told` when its marker was written already. */
interface Covered {
  from: number;
  to: number;
  told: boolean;
}

/** What finds these values, and the passwords in those that are URLs, in every spelling. */
export const finderOf = (values: readonly string[]) => {
  const secrets = new Set(values.flatMap(value => [value, ...passwordsIn(value)]));
  const spelled = [...secrets].flatMap(spellingsOf).map(one => one.toString('latin1'));
  return new Automaton([...new Set(spelled)].map(one => Buffer.from(one, 'latin1')));
};

/**
 * Passes bytes on as they are, but for secrets, however they are cut into pieces: in the place of each, or of several that
 * overlap, stands a marker that tells nothing of its length. Only bytes that may be the beginning of a secret wait for
 * those behind them; there are never more of them than the longest spelling has.
 */
export class Masking extends Transform {
  private state = 0;
  private waiting: Buffer = Buffer.alloc(0);
  private covered: Covered[] = [];

  constructor(private readonly finder: Automaton) {
    super();
  }

  override _transform(bytes: Buffer, _encoding: string, done: TransformCallback): void {
    const all = this.waiting.length === 0 ? bytes : Buffer.concat([this.waiting, bytes]);
    this.search(all, this.waiting.length);
    this.pass(all, all.length - (this.finder.open[this.state] ?? 0));
    done();
  }

  override _flush(done: TransformCallback): void {
    this.pass(this.waiting, this.waiting.length);
    done();
  }

  private search(bytes: Buffer, begin: number): void {
    const { finder } = this;
    let { state } = this;
    for (let at = begin; at < bytes.length; at++) {
      state = finder.step(state, bytes[at] ?? 0);
      const length = finder.ended[state] ?? 0;
      if (length > 0) this.cover(at + 1 - length, at + 1);
    }
    this.state = state;
  }

  /** What overlaps becomes one; places rise, so that only the last ones can. */
  private cover(from: number, to: number): void {
    let last = this.covered.at(-1);
    while (last && !last.told && last.from >= from) {
      this.covered.pop();
      last = this.covered.at(-1);
    }
    if (last && last.to > from) last.to = to;
    else this.covered.push({ from, to, told: false });
  }

  /** Passes on what stands before a place behind which a secret may begin; the rest waits. */
  private pass(bytes: Buffer, safe: number): void {
    let done = 0;
    for (const one of this.covered) {
      if (one.from >= safe && !one.told) break;
      if (!one.told) {
        if (one.from > done) this.push(bytes.subarray(done, one.from));
        this.push(MARK);
        one.told = true;
      }
      done = Math.max(done, one.to);
    }
    if (done < safe) {
      this.push(bytes.subarray(done, safe));
      done = safe;
    }
    this.waiting = Buffer.from(bytes.subarray(done));
    this.covered = this.covered
      .filter(one => !one.told || one.to > safe)
      .map(one => ({ ...one, from: one.from - done, to: one.to - done }));
  }
}
