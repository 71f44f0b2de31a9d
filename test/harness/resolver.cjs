'use strict';

const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const folder = join(__dirname, '../../node_modules/.cache/opskeep-tests');
let files;

/** The file that hands out a package of `packages.mjs`, if it is one. */
function bundled(request) {
  const list = join(folder, 'files.json');
  files ??= existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : {};
  return Object.hasOwn(files, request) ? join(folder, files[request]) : undefined;
}

/**
 * Jest's resolver, which asks as `require` does. A package which exports only to `import` is asked again as `import`.
 *
 * @type {import('jest-resolve').SyncResolver}
 */
module.exports = (request, options) => {
  const file = bundled(request);
  if (file) return file;
  try {
    return options.defaultResolver(request, options);
  } catch (error) {
    if (/^[./]/.test(request)) throw error;
    try {
      return options.defaultResolver(request, { ...options, conditions: ['node', 'import', 'default'] });
    } catch {
      throw error;
    }
  }
};
