// better-sqlite3 hands its error class to its addon once in a process, but every file of tests has an Error of its
// own: from the second file on, no error of SQLite would be an Error. Each file hands over its class anew.
const addon = require('better-sqlite3/build/Release/better_sqlite3.node');

addon.isInitialized = false;
