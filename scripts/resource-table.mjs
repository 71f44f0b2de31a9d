// Writes the table of resources of docs/resources.md as openapi.json has them; with `--check` it only tells whether they are alike.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PAGE = join(root, 'docs', 'resources.md');
const BEGIN = '<!-- resources: written by npm run openapi -->';
const END = '<!-- end of resources -->';

/** The routes that every resource may have: their name, method, and what follows the path of the resource. */
const UNIFORM = {
  list: ['get', ''],
  get: ['get', '/{id}'],
  create: ['post', ''],
  update: ['patch', '/{id}'],
  put: ['put', '/{id}'],
  delete: ['delete', '/{id}'],
  bulk: ['post', '/bulk'],
  export: ['get', '/export'],
};
const TOLD = Object.keys(UNIFORM).filter(name => name !== 'put');

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

/** Every route with one of a heading's tags, as method, path, and tag. */
function routesOf(document, tags) {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    METHODS.filter(method => tags.includes(operations[method]?.tags?.[0])).map(method => ({
      method,
      path: path.replace(/^\/api/, ''),
      tag: operations[method].tags[0],
    })),
  );
}

function rowOf(document, tag) {
  const routes = routesOf(document, [tag]);
  const base = `/${tag.replaceAll(' ', '-')}`;
  const isRoute = ([method, tail]) => routes.some(one => one.method === method && one.path === base + tail);
  const uniform = TOLD.filter(name => isRoute(UNIFORM[name]));
  const others = routes.filter(
    ({ method, path }) => !Object.values(UNIFORM).some(([m, tail]) => m === method && base + tail === path),
  );
  const tails = new Map();
  for (const { method, path } of others) {
    const tail = path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path;
    tails.set(tail, [...(tails.get(tail) ?? []), method.toUpperCase()]);
  }
  const further = [...tails].map(([tail, methods]) =>
    methods.join() === 'GET' ? `\`${tail}\`` : `${methods.join(', ')} \`${tail}\``,
  );
  const about = document.tags.find(one => one.name === tag)?.description ?? '';
  const has = uniform.length === TOLD.length ? 'all' : uniform.join(', ');
  return `| \`${base}\` | ${about} | ${has} | ${further.join(', ')} |`;
}

function tableOf(document) {
  const rows = document['x-tagGroups'].flatMap(({ name, tags }) => [
    `| **${name}** | | | |`,
    ...tags.map(tag => rowOf(document, tag)),
  ]);
  return [
    '| below `/api` | holds | of the uniform routes | further ones |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const document = JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8'));
const text = readFileSync(PAGE, 'utf8');
const [before, rest] = text.split(BEGIN);
const after = rest?.split(END)[1];
if (after === undefined)
  throw new Error(`docs/resources.md has no place for the resources: ${BEGIN} … ${END}`);
const wanted = `${before}${BEGIN}\n\n${tableOf(document)}\n\n${END}${after}`;
if (wanted !== text && process.argv.includes('--check')) {
  process.stderr.write(
    'The table of resources in docs/resources.md is not that of openapi.json: npm run openapi\n',
  );
  process.exit(1);
}
if (wanted !== text) writeFileSync(PAGE, wanted);
