import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Server } from './server.js';

/** The answers of `/health` while something happened. */
export interface Pulse {
  /** The slowest, in milliseconds, without those in which others had the processor. */
  slowest: number;
  answered: number;
}

/** A process that watches a server's `/health`. */
export interface Probe {
  /** What `/health` was like while `work` ran. */
  during(work: () => Promise<unknown>): Promise<Pulse>;
  stop(): void;
}

/** Watches from a process of its own: neither the server's work nor that of the test counts as waiting. */
export function startProbe({ url, pid }: Pick<Server, 'url' | 'pid'>): Probe {
  const child = fork(join(process.cwd(), 'test', 'harness', 'probe.mjs'), [url, String(pid)], {
    execArgv: [],
  });
  const ask = (message: 'begin' | 'end') =>
    new Promise<Pulse>((done, failed) => {
      child.once('message', pulse => done(pulse as Pulse));
      child.send(message, error => error && failed(error));
    });
  return {
    during: async work => {
      await ask('begin');
      await work();
      return ask('end');
    },
    stop: () => void child.kill(),
  };
}
