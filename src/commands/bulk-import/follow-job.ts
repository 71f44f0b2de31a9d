import { AsyncResource } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { ConflictError } from '../../core/context/errors.js';
import { wordsOf } from '../../failure.js';
import type { ImportJob } from '../../operations/bulk-import/import-job.entity.js';
import { printNotice, Progress } from '../output.js';

const LOOK_MS = 300;
/** How often it is tried anew, without a row more that is written, where the database does not take it. */
const MOST_TRIES = 5;

/**
 * Works at a job until it has ended; where a server was faster, waits for it. Ctrl-C cancels it.
 *
 * @throws Error that says how many rows are written, where the database does not take more, or not that it is cancelled
 */
export async function followJob(app: INestApplicationContext, id: string): Promise<ImportJob> {
  const { ImportRun } = await import('../../operations/bulk-import/import-run.service.js');
  const { ImportViews } = await import('../../operations/bulk-import/import-views.service.js');
  const [run, views] = [app.get(ImportRun), app.get(ImportViews)];
  const [checked, written] = [new Progress('Tried, rows'), new Progress('Written, rows')];
  let rows = 0;
  let tries = 0;
  let reason: Error | undefined;
  const progress = (job: ImportJob) => {
    if (job.rows_done > rows) tries = 0;
    rows = job.rows_done;
    if (job.state === 'writing') written.at(job.rows_done, job.rows_total);
    else checked.at(job.rows_checked);
  };
  const waits = (error: Error) => void (reason = error);
  const stop = new AbortController();
  let giveUp: (error: Error) => void = () => undefined;
  const givenUp = new Promise<never>((_resolve, reject) => (giveUp = reject));
  givenUp.catch(() => undefined);
  // A signal comes from outside of whatever runs, and it is the command line that cancels.
  const cancel = AsyncResource.bind(() => {
    printNotice('It is being cancelled: what is written stays.');
    stop.abort();
    views.cancel(id).catch((error: Error) => {
      if (!(error instanceof ConflictError)) giveUp(new Error(leftAs(rows, error)));
    });
  });
  const work = async (): Promise<ImportJob> => {
    for (;;) {
      reason = undefined;
      await run.run(id, { stop: stop.signal, progress, waits }).catch(waits);
      const job = await views.get(id);
      if (job.finished_at !== null) return job;
      progress(job);
      if (reason !== undefined && ++tries >= MOST_TRIES) {
        const left = await views.cancel(id).catch(() => undefined);
        throw new Error(left ? endedAs(rows, reason) : leftAs(rows, reason));
      }
      await sleep(LOOK_MS);
    }
  };
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  try {
    return await Promise.race([work(), givenUp]);
  } finally {
    process.off('SIGINT', cancel).off('SIGTERM', cancel);
    checked.end();
    written.end();
  }
}

const said = (error: Error) => wordsOf(error).replace(/\.?$/, '.');
const endedAs = (rows: number, error: Error) =>
  `The import ended: ${rows} rows are written. ${said(error)} Then run it again, with --on-conflict skip.`;
const leftAs = (rows: number, error: Error) =>
  `The import stopped: ${rows} rows are written. ${said(error)} A server that runs then goes on with it by itself.`;
