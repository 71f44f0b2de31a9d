import { join } from 'node:path';
import { runCompiled } from '../../formats/compiled-script.js';
import type { run } from './main.js';

// What the host starts. Whatever happens, also where the file beside it is missing, the exit code is 0.

const leave = () => process.exit(0);
process.on('uncaughtException', leave).on('unhandledRejection', leave);
const [, , event = ''] = process.argv;
const use = /^[A-Za-z]{1,32}$/.test(event) ? `hook-${event}` : 'hook';
const hook = runCompiled<{ run: typeof run }>(join(__dirname, 'hook-main.cjs'), {
  beside: __dirname,
  use,
  require,
});
// What is said was written at once, and what goes on is a process of its own: nothing is to be waited for.
void hook.exports.run(event).then(hook.keep).then(leave);
