import { Worker } from 'node:worker_threads';
import { UnavailableError } from '../context/errors.js';

/** What a thread can do, by name: what a task takes, and what it gives. */
export type TaskShapes<Tasks> = Record<keyof Tasks, { input: object; output: unknown }>;

interface Job {
  task: string;
  input: object;
  limit_ms: number;
  done: (output: unknown) => void;
  failed: (error: Error) => void;
}

/** Nobody waits behind more than so many others. */
const MAX_WAITING = 100;
/** Jobs handed over at once, so that the thread does not wait for a busy event loop between two short ones. */
const MAX_SENT = 16;

/** The work took too long, or too much was waiting. */
export class WorkersBusyError extends UnavailableError {
  constructor() {
    super('The server has too much to compute; try again later');
  }
}

interface Answer {
  output?: unknown;
  failed?: boolean;
  /** Of a failure, where it has one; its message may hold what was handed in, and stays in the thread. */
  code?: string;
}

/**
 * Work that would stop the event loop, done by one thread that is started when it is first needed. One job at a time,
 * a bounded queue, and a limit for each job: a thread that exceeds it is ended, and its successor goes on with the
 * next job, from its beginning.
 */
export class WorkerThread<Tasks extends TaskShapes<Tasks>> {
  private readonly waiting: Job[] = [];
  /** In the hands of the thread, which does them in this order. */
  private readonly sent: Job[] = [];
  private thread?: Worker;
  private ready = false;
  private timer?: NodeJS.Timeout;

  /** @param script plain JavaScript that answers each job, after the message `ready` */
  constructor(
    private readonly script: URL,
    private readonly workerData?: object,
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
    if (this.waiting.length >= MAX_WAITING) return Promise.reject(new WorkersBusyError());
    return new Promise((resolve, failed) => {
      const done = (output: unknown) => resolve(output as Tasks[T]['output']);
      this.waiting.push({ task, input, limit_ms, done, failed });
      this.next();
    });
  }

  private next(): void {
    if (this.waiting.length === 0) return;
    const thread = (this.thread ??= this.start());
    if (!this.ready) return;
    while (this.sent.length < MAX_SENT) {
      const job = this.waiting.shift();
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
      else if (message.failed) this.settle(job => job.failed(failure(job, message.code)));
      else this.settle(job => job.done(message.output));
      this.watch(thread);
      if (this.sent.length + this.waiting.length === 0) thread.unref();
      this.next();
    });
    thread.on('error', error => this.lose(thread, error));
    thread.on('exit', () => this.lose(thread, new WorkersBusyError()));
    return thread;
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
    this.waiting.unshift(...this.sent.splice(0));
    if (!started) for (const job of this.waiting.splice(0)) job.failed(error);
    this.next();
  }
}

function failure({ task }: Job, code?: string): Error {
  return Object.assign(new Error(`The task ${task} failed`), code === undefined ? {} : { code });
}
