// better-sqlite3 hands its error class to its addon once in a process, but every file of tests has an Error of its
// own: from the second file on, no error of SQLite would be an Error. Each file hands over its class anew.
const { dirname, join } = require('node:path');
const { SQLITE_PACKAGE } = require('../../src/formats/sqlite-driver.ts');

const folder = dirname(require.resolve(`${SQLITE_PACKAGE}/package.json`));
const addon =
  SQLITE_PACKAGE === 'better-sqlite3'
    ? require(join(folder, 'lib/binding.js')).getBinding()
    : require(join(folder, 'build/Release/better_sqlite3.node'));

addon.isInitialized = false;
