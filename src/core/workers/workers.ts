import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { WorkerThread } from './worker-thread.js';

/** What the thread of `worker.mjs` can do. */
interface Tasks {
  /** zxcvbn's score, 0 (guessed at once) to 4; only the first 100 characters count. */
  passwordScore: { input: { password: string; known: string[] }; output: 0 | 1 | 2 | 3 | 4 };
  /** Whether a password fits a bcrypt hash. */
  bcryptMatches: { input: { password: string; hash: string }; output: boolean };
}

/** Computation beside the event loop; whoever logs in waits for no scores. */
@Injectable()
export class Workers extends WorkerThread<Tasks> implements OnApplicationShutdown {
  constructor() {
    super(new URL('./worker.mjs', import.meta.url), undefined, ['bcryptMatches']);
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
