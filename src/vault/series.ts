const REMEMBERED = 5000;

/** What a series that has reached its limit has grown by. */
export interface Growth {
  /** What was not told of before. */
  fresh: string[];
  /** How many there were since it reached the limit, with those that brought it there. */
  total: number;
}

/** Something that was done, and when, in milliseconds of the epoch. */
export interface Done {
  at: number;
  id: string;
}

interface Course {
  recent: Done[];
  /** Only while at the limit: what of the window was told, and how many were in all. */
  told: ReadonlySet<string>;
  total: number;
}

/**
 * Different things that somebody did within a window: told when there are `limit` of them, and then each further one
 * until there are fewer again; 0 = never.
 */
export class Series {
  private readonly courses = new Map<string, Course>();

  /** @param window in milliseconds */
  constructor(
    private readonly limit: number,
    readonly window: number,
  ) {}

  /**
   * What is new, when `who` has reached the limit with these ids or before; undefined otherwise.
   *
   * @param elsewhere how many others there were in other processes
   */
  add(who: string, ids: string[], elsewhere = 0): Growth | undefined {
    const at = Date.now();
    return this.grow(who, elsewhere, () => ids.map(id => ({ at, id })));
  }

  /** As `add`, of what was done earlier, here or in other processes. */
  learn(who: string, done: Done[]): Growth | undefined {
    return this.grow(who, 0, known => {
      const ids = new Set(known.map(one => one.id));
      return done.filter(one => !ids.has(one.id));
    });
  }

  /** How many different ones are known of the window. */
  count(who: string): number {
    return new Set(this.within(who).map(one => one.id)).size;
  }

  private within(who: string): Done[] {
    const since = Date.now() - this.window;
    return (this.courses.get(who)?.recent ?? []).filter(one => one.at > since);
  }

  private grow(who: string, elsewhere: number, more: (known: Done[]) => Done[]): Growth | undefined {
    const known = this.within(who);
    const added = this.limit === 0 ? [] : more(known);
    if (added.length === 0) return undefined;
    const course = this.courses.get(who) ?? { recent: [], told: new Set(), total: 0 };
    this.courses.set(who, course);
    const least = this.limit - elsewhere;
    if (new Set(known.map(one => one.id)).size < least) Object.assign(course, { told: new Set(), total: 0 });
    course.recent = [...known, ...added].slice(-Math.max(REMEMBERED, this.limit));
    const distinct = new Set(course.recent.map(one => one.id));
    if (distinct.size < least) return undefined;
    const fresh = [...distinct].filter(id => !course.told.has(id));
    course.told = distinct;
    course.total += fresh.length;
    return fresh.length > 0 ? { fresh, total: course.total } : undefined;
  }
}
