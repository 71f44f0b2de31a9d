// The licences of what is in the program: every package that an installation without development tools has, as the lock
// file names them. What is in none of the kinds that go with any use is refused.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names of SPDX that ask for no more than that they are named and handed on. */
const PERMISSIVE = new Set([
  '0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT', 'Python-2.0',
]); // prettier-ignore

/** Whose manifest says nothing, and what the package says elsewhere. */
const SAID_ELSEWHERE = { 'pause 0.0.1': 'MIT' };

/** Old manifests hold a list of objects in place of an expression of SPDX. */
const expressionOf = ({ license, licenses }) =>
  license?.type ?? license ?? licenses?.map(one => one.type).join(' OR ') ?? '';

/** One of what may be chosen is enough; nobody's expression here has an AND. */
const isPermissive = expression =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some(one => PERMISSIVE.has(one));

function textOf(folder) {
  const file = readdirSync(folder).find(name => /^(licen[cs]e|copying)(\.|-|$)/i.test(name));
  return file && readFileSync(join(folder, file), 'utf8').trim();
}

/**
 * Name, version, licence and its text of each package, without those of development; a package that is not installed
 * on this machine (a driver for another Node.js) has no text.
 *
 * @throws Error naming each whose licence is none of the permissive ones
 */
export function licences(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = Object.entries(packages)
    .filter(([path, { dev, link }]) => path && !dev && !link)
    .map(([path, locked]) => {
      const folder = join(root, path);
      const manifest = existsSync(join(folder, 'package.json'))
        ? JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
        : undefined;
      const name = locked.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const licence = expressionOf(manifest ?? locked) || (SAID_ELSEWHERE[`${name} ${locked.version}`] ?? '');
      return { name, version: locked.version, licence, text: manifest && textOf(folder) };
    });
  const others = found.filter(one => !isPermissive(one.licence));
  if (others.length > 0) {
    const list = others.map(one => `${one.name} ${one.version}: ${one.licence || 'none'}`).join('\n');
    throw new Error(`Licences that are to be looked at first:\n${list}`);
  }
  return found;
}

/** What is handed on with the package: whose work is in it, and under which terms. */
export function noticesOf(found) {
  const parts = found
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      ({ name, version, licence, text }) =>
        `## ${name} ${version}\n\n${licence}\n${text ? `\n${text}\n` : ''}`,
    );
  return `# Packages of others in Opskeep, and their licences\n\n${[...new Set(parts)].join('\n')}`;
}
