import { Worker } from 'node:worker_threads';
import { UnavailableError } from '../context/errors.js';
import { currentParty } from '../context/request-context.js';
import { FairQueue } from './fair-queue.js';

/** What a thread can do, by name: what a task takes, and what it gives. */
export type TaskShapes<Tasks> = Record<keyof Tasks, { input: object; output: unknown }>;

interface Job {
  task: string;
  input: object;
  limit_ms: number;
  done: (output: unknown) => void;
  failed: (error: Error) => void;
}

/** Jobs that wait, and those among them of one party. */
const MAX_WAITING = 1_000;
const MAX_OF_ONE = 100;
/**
 * Short jobs are handed over several at once, so that the thread does not wait for a busy event loop between them: as
 * many as it is expected to do in this time, because what was handed over is not taken in turn any more.
 */
const AHEAD_MS = 40;
const MAX_SENT = 8;
/** How much the latest job counts in the average. */
const WEIGHT = 0.25;

/** The work took too long, or too much was waiting. */
export class WorkersBusyError extends UnavailableError {
  constructor() {
    super('The server has too much to compute; try again later');
  }
}

interface Answer {
  /** How long the work took. */
  took_ms: number;
  output?: unknown;
  failed?: boolean;
  /** Of a failure, where it has one; its message may hold what was handed in, and stays in the thread. */
  code?: string;
}

/**
 * Work that would stop the event loop, done by one thread that is started when it is first needed. One job at a time,
 * for everybody in turn who waits (`currentParty`), a bounded queue, and a limit for each job: a thread that exceeds it
 * is ended, and its successor goes on with the next job, from its beginning.
 */
export class WorkerThread<Tasks extends TaskShapes<Tasks>> {
  private readonly urgent = new FairQueue<Job>();
  private readonly waiting = new FairQueue<Job>();
  /** Were in the hands of a thread that is gone, and come first. */
  private readonly again: Job[] = [];
  /** In the hands of the thread, which does them in this order. */
  private readonly sent: Job[] = [];
  /** What the next job is expected to take: the average of the latest. */
  private expected_ms = AHEAD_MS;
  private thread?: Worker;
  private ready = false;
  private timer?: NodeJS.Timeout;

  /**
   * @param script plain JavaScript that answers each job, after the message `ready`
   * @param first the tasks that go before all others
   */
  constructor(
    private readonly script: URL,
    private readonly workerData?: object,
    private readonly first: readonly (keyof Tasks & string)[] = [],
  ) {}

  /** Ends the thread; whoever still waits is refused. */
  async close(): Promise<void> {
    const { thread } = this;
    if (!thread) return;
    this.ready = false;
    this.lose(thread, new WorkersBusyError());
    await thread.terminate();
  }

  /**
   * @param limit_ms for the work itself, without the start of the thread
   * @throws WorkersBusyError
   */
  run<T extends keyof Tasks & string>(
    task: T,
    input: Tasks[T]['input'],
    limit_ms: number,
  ): Promise<Tasks[T]['output']> {
    const party = currentParty();
    const queue = this.first.includes(task) ? this.urgent : this.waiting;
    if (this.size >= MAX_WAITING || queue.sizeOf(party) >= MAX_OF_ONE)
      return Promise.reject(new WorkersBusyError());
    return new Promise((resolve, failed) => {
      const done = (output: unknown) => resolve(output as Tasks[T]['output']);
      queue.push(party, { task, input, limit_ms, done, failed });
      this.next();
    });
  }

  /** How many wait. */
  private get size(): number {
    return this.again.length + this.urgent.size + this.waiting.size;
  }

  private take(): Job | undefined {
    return this.again.shift() ?? this.urgent.shift() ?? this.waiting.shift();
  }

  private next(): void {
    if (this.size === 0) return;
    const thread = (this.thread ??= this.start());
    if (!this.ready) return;
    const most = Math.max(1, Math.min(MAX_SENT, AHEAD_MS / this.expected_ms));
    while (this.sent.length + 1 <= most) {
      const job = this.take();
      if (!job) break;
      this.sent.push(job);
      thread.postMessage({ task: job.task, input: job.input });
    }
    // An idle thread keeps no command from ending; one that works does.
    thread.ref();
    if (!this.timer) this.watch(thread);
  }

  /** The first of the jobs that were sent is under way from now on. */
  private watch(thread: Worker): void {
    clearTimeout(this.timer);
    const [job] = this.sent;
    this.timer = job && setTimeout(() => this.abandon(thread), job.limit_ms);
  }

  private start(): Worker {
    const thread = new Worker(this.script, { env: {}, workerData: this.workerData });
    thread.on('message', (message: 'ready' | Answer) => {
      if (this.thread !== thread) return;
      if (message === 'ready') this.ready = true;
      else this.answered(message);
      this.watch(thread);
      if (this.sent.length + this.size === 0) thread.unref();
      this.next();
    });
    thread.on('error', error => this.lose(thread, error));
    thread.on('exit', () => this.lose(thread, new WorkersBusyError()));
    return thread;
  }

  private answered({ took_ms, output, failed, code }: Answer): void {
    this.expected_ms += WEIGHT * (took_ms - this.expected_ms);
    this.settle(job => (failed ? job.failed(failure(job, code)) : job.done(output)));
  }

  private settle(tell: (job: Job) => void): void {
    const job = this.sent.shift();
    if (job) tell(job);
  }

  private abandon(thread: Worker): void {
    this.lose(thread, new WorkersBusyError());
    void thread.terminate();
  }

  /** The thread is gone; a thread that could not even start takes what waits for it along. */
  private lose(thread: Worker, error: Error): void {
    if (this.thread !== thread) return;
    const started = this.ready;
    this.thread = undefined;
    this.ready = false;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.settle(job => job.failed(error));
    // What the thread had not begun, its successor does.
    this.again.unshift(...this.sent.splice(0));
    this.expected_ms = AHEAD_MS;
    if (!started) for (let job = this.take(); job; job = this.take()) job.failed(error);
    this.next();
  }
}

function failure({ task }: Job, code?: string): Error {
  return Object.assign(new Error(`The task ${task} failed`), code === undefined ? {} : { code });
}
