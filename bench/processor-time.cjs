// Loaded before a program: tells on file descriptor 3 what processor time it took, in microseconds, all threads included.
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  require('node:fs').writeSync(3, String(user + system));
});
