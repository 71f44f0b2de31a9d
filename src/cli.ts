#!/usr/bin/env node
import { createRequire } from 'node:module';
import type { main } from './client/main.js';

// What works on the user's machine needs neither the application nor its packages.
if (process.argv[2] === 'admin') {
  const { loadProgram } = await import('./program-file.js');
  const { program, keep } = loadProgram('cli');
  await program.runCommandLine();
  keep();
} else {
  const client = createRequire(import.meta.url)('./client.cjs') as { main: typeof main };
  await client.main(process.argv.slice(2));
}
