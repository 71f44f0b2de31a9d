import { SubCommand } from 'nest-commander';
import { CommandGroup } from '../command.js';
import { SeedCommand } from './seed.command.js';

@SubCommand({
  name: 'demo',
  description: 'A believable service provider, to look around in',
  subCommands: [SeedCommand],
})
export class DemoCommand extends CommandGroup {}
