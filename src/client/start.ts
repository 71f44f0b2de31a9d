#!/usr/bin/env node
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runMain } from './cli/run.js';
import type { main } from './main.js';
import { VAULT } from './vault/commands.js';

// What is installed as `opskeep`. The vault is in this file itself, and so starts as fast as Node.js can; everything else
// is in files beside it.

const [, , first, ...rest] = process.argv;
if (first === 'vault') {
  void runMain({ name: 'opskeep', about: '', commands: [VAULT] }, [first, ...rest]);
} else if (first === 'admin') {
  void import('node:url').then(({ pathToFileURL }) => import(pathToFileURL(join(__dirname, 'cli.js')).href));
} else {
  const client = createRequire(__filename)('./client.cjs') as { main: typeof main };
  void client.main(process.argv.slice(2));
}
