/** Where the documentation is. */
export const DOCS_PAGE = '/api/docs';

/** Where people look first. */
export const BEFORE_DOCS = /^\/(?:api|docs)?\/?$/;

/** By `Accept`: a browser, not a program that would take the page for an answer. */
export const isBrowser = (accept = ''): boolean => accept.includes('text/html');
