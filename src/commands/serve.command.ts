import { SubCommand } from 'nest-commander';
import { Command } from './command.js';

@SubCommand({ name: 'serve', description: 'Starts the server, as npm start does' })
export class ServeCommand extends Command {
  async run(): Promise<void> {
    const { serve } = await import('../serve.js');
    await serve();
  }
}
