// Loaded before a program: tells on stderr what processor time, in milliseconds, it has taken when it listens (and ends
// it then), or when it ends.
import { writeSync } from 'node:fs';
import { Server } from 'node:net';

function tell() {
  const { user, system } = process.cpuUsage();
  writeSync(2, `\ncpu: ${Math.round((user + system) / 1000)} ms\n`);
}

const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
  this.once('listening', () => {
    tell();
    process.off('exit', tell);
    setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50);
  });
  return listen.apply(this, args);
};
process.on('exit', tell);
