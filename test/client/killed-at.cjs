// Loaded before a program: kills it at the n-th call that changes something on the disk (KILLED_AT), in the middle of it
// where it writes. Without a number it tells on stderr how many there are.
const fs = require('node:fs');

const WRITING = ['writeSync', 'writeFileSync'];
/** Between two of these nothing changes on the disk. */
const CHANGING = [
  ...WRITING,
  'openSync',
  'ftruncateSync',
  'linkSync',
  'unlinkSync',
  'renameSync',
  'rmSync',
  'mkdirSync',
];
const at = Number(process.env.KILLED_AT ?? 0);
let calls = 0;

const changes = (name, [, flags = 'r']) =>
  name !== 'openSync' ||
  !(flags === 'r' || (typeof flags === 'number' && (flags & fs.constants.O_CREAT) === 0));

/** Half of what is to be written, in whichever way it is given. */
function writeHalf(original, [where, data, ...rest]) {
  const [, length = data.length] = typeof rest[0] === 'number' ? rest : [];
  const half = data.slice(0, Math.floor(length / 2));
  if (typeof rest[0] === 'number') fs.appendFileSync(where, half);
  else original.call(fs, where, half, ...rest);
}

for (const name of CHANGING) {
  const original = fs[name];
  fs[name] = function (...args) {
    if (changes(name, args) && ++calls === at) {
      if (WRITING.includes(name)) writeHalf(original, args);
      process.kill(process.pid, 'SIGKILL');
    }
    return original.apply(fs, args);
  };
}

process.on('exit', () => {
  if (at === 0) fs.writeSync(2, `calls: ${calls}\n`);
});
