const REMEMBERED = 5000;

/** What a series that has reached its limit has grown by. */
export interface Growth {
  /** What was not told of before. */
  fresh: string[];
  /** How many there were since it reached the limit, with those that brought it there. */
  total: number;
}

interface Course {
  recent: { at: number; id: string }[];
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
    private readonly window: number,
  ) {}

  /** What is new, when `who` has reached the limit with these ids or before; undefined otherwise. */
  add(who: string, ids: string[]): Growth | undefined {
    if (this.limit === 0 || ids.length === 0) return undefined;
    const at = Date.now();
    const course = this.courses.get(who) ?? { recent: [], told: new Set(), total: 0 };
    this.courses.set(who, course);
    const known = course.recent.filter(one => one.at > at - this.window);
    if (new Set(known.map(one => one.id)).size < this.limit)
      Object.assign(course, { told: new Set(), total: 0 });
    course.recent = [...known, ...ids.map(id => ({ at, id }))].slice(-Math.max(REMEMBERED, this.limit));
    const distinct = new Set(course.recent.map(one => one.id));
    if (distinct.size < this.limit) return undefined;
    const fresh = [...distinct].filter(id => !course.told.has(id));
    course.told = distinct;
    course.total += fresh.length;
    return fresh.length > 0 ? { fresh, total: course.total } : undefined;
  }
}
