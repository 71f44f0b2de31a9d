// Loaded before a program (`NODE_OPTIONS=--require`): ends it by SIGKILL at the step of a seal that `KILL_AT` names, before
// the step is taken; `renamed` is behind the last.
const promises = require('node:fs/promises');
const { Socket } = require('node:net');
const { basename } = require('node:path');

/** In their order. */
const STATEMENTS = {
  places: /SET (?:journal\.)?seq = /,
  tiles: /INSERT INTO audit_tiles|UPDATE audit_tiles/,
  cleared: /DELETE FROM audit_checkpoints/,
  checkpoint: /INSERT INTO audit_checkpoints/,
  head: /UPDATE audit_head/,
  commit: /COMMIT/,
};
const step = process.env.KILL_AT;
const die = () => process.kill(process.pid, 'SIGKILL');

let hasHead = false;
function look(text) {
  if (step === 'commit' ? hasHead && STATEMENTS.commit.test(text) : STATEMENTS[step]?.test(text)) die();
  hasHead ||= STATEMENTS.head.test(text);
}

const { write } = Socket.prototype;
Socket.prototype.write = function (data, ...rest) {
  if (Buffer.isBuffer(data)) look(data.toString('latin1'));
  return write.call(this, data, ...rest);
};

const Module = require('node:module');
const load = Module._load;
const seen = new WeakSet();
Module._load = function (name, ...rest) {
  const found = load.call(this, name, ...rest);
  if (!/^better-sqlite3/.test(name) || seen.has(found)) return found;
  seen.add(found);
  const { prepare } = found.prototype;
  found.prototype.prepare = function (text) {
    const statement = prepare.call(this, text);
    const { run } = statement;
    statement.run = (...values) => {
      look(text);
      return run.apply(statement, values);
    };
    return statement;
  };
  return found;
};

const { open, rename } = promises;
const isHead = path => basename(String(path)).startsWith('audit.head');
promises.open = (path, ...rest) => {
  if (step === 'written' && isHead(path)) die();
  return open(path, ...rest);
};
promises.rename = async (from, to) => {
  if (step === 'rename' && isHead(from)) die();
  await rename(from, to);
  if (step === 'renamed' && isHead(from)) die();
};
