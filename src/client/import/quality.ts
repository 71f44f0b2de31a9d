const DECIDES = /\b(?:decided|decision|because|instead of|agreed|chose|chosen|root cause|turned out)\b/i;
const SOLVES = /\b(?:fixed|solved|resolved|works now|the cause was|passes|passed|done|deployed|restored)\b/i;
/** Paths, hosts, addresses, tickets: what one looks for later. */
const NAMES =
  /(?:[\w-]+\/[\w./-]+|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[A-Z]{2,}-\d+\b|\b[\w-]+\.(?:local|lan|com|net|org)\b)/;

/**
 * How much a session is worth being remembered, 0 to 10: 2 when both sides spoke, up to 2 for its length (2 from 8 turns
 * on), and up to 2 each for decisions, solutions and names (2 from 3 turns on that have any).
 */
export class Quality {
  private turns = 0;
  private readonly speakers = new Set<string>();
  private readonly found = [0, 0, 0];

  add(speaker: string, text: string): void {
    this.turns++;
    this.speakers.add(speaker);
    const start = text.slice(0, 8_000);
    [DECIDES, SOLVES, NAMES].forEach(
      (one, n) => (this.found[n] = (this.found[n] ?? 0) + Number(one.test(start))),
    );
  }

  get score(): number {
    const parts = [this.turns / 8, ...this.found.map(one => one / 3)].map(one => 2 * Math.min(1, one));
    const sum = parts.reduce((a, b) => a + b, this.speakers.size > 1 ? 2 : 0);
    return Math.round(sum * 10) / 10;
  }
}
