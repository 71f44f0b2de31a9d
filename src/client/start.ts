#!/usr/bin/env node
import { join } from 'node:path';
import { runCompiled } from '../formats/compiled-script.js';

// What is installed as `opskeep`. The vault is in a file of its own, and so starts nearly as fast as Node.js can.

const [, , first = '', second = ''] = process.argv;
if (first === 'admin') {
  void import('node:url').then(({ pathToFileURL }) => import(pathToFileURL(join(__dirname, 'cli.js')).href));
} else {
  const file = first === 'vault' ? 'vault' : 'client';
  const use = first === 'vault' && second === 'get' ? 'vault-get' : file;
  const script = join(__dirname, `${file}.cjs`);
  const client = runCompiled<{ main: (argv: string[]) => Promise<boolean | void> }>(script, {
    beside: join(__dirname, '..'),
    use,
    require,
  });
  void client.exports.main(process.argv.slice(2)).then(isDone => {
    client.keep();
    if (isDone) process.exit();
  });
}
