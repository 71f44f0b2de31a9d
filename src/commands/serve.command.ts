import { Option, SubCommand } from 'nest-commander';
import { UsageError } from '../failure.js';
import { Command } from './command.js';

const MOST_WORKERS = 64;

@SubCommand({ name: 'serve', description: 'Starts the server, as npm start does' })
export class ServeCommand extends Command {
  @Option({ flags: '--workers <n>', description: 'on MariaDB: so many processes on the one port' })
  protected parseWorkers(text: string): number {
    const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
    if (count < 1 || count > MOST_WORKERS)
      throw new UsageError(`--workers is a whole number from 1 to ${MOST_WORKERS}.`);
    return count;
  }

  async run(_: string[], { workers = 1 }: { workers?: number }): Promise<void> {
    if (workers > 1) {
      const { serveByWorkers } = await import('../serving/primary.js');
      return serveByWorkers(workers);
    }
    const { serve } = await import('../serving/serve.js');
    await serve();
  }
}
