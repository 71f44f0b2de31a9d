'use strict';

/**
 * Jest's resolver, which asks as `require` does. A package which exports only to `import` is asked again as `import`.
 *
 * @type {import('jest-resolve').SyncResolver}
 */
module.exports = (request, options) => {
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
