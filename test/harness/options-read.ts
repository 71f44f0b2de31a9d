import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

type Body = ts.FunctionDeclaration | ts.ArrowFunction;

interface Module {
  functions: Map<string, Body>;
  /** What a name of another file is called there. */
  imports: Map<string, { file: string; name: string }>;
}

const modules = new Map<string, Module>();

/** The functions of a file, and the names that it has from others. */
function moduleOf(file: string): Module {
  const known = modules.get(file);
  if (known) return known;
  const found: Module = { functions: new Map(), imports: new Map() };
  modules.set(file, found);
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  for (const one of source.statements) {
    if (ts.isFunctionDeclaration(one) && one.name) found.functions.set(one.name.text, one);
    if (ts.isVariableStatement(one))
      for (const { name, initializer } of one.declarationList.declarations)
        if (ts.isIdentifier(name) && initializer && ts.isArrowFunction(initializer))
          found.functions.set(name.text, initializer);
    if (!ts.isImportDeclaration(one) || !ts.isStringLiteral(one.moduleSpecifier)) continue;
    const path = join(dirname(file), one.moduleSpecifier.text.replace(/\.js$/, '.ts'));
    const names = one.importClause?.namedBindings;
    if (existsSync(path) && names && ts.isNamedImports(names))
      for (const { name, propertyName } of names.elements)
        found.imports.set(name.text, { file: path, name: (propertyName ?? name).text });
  }
  return found;
}

const isCall = (node: ts.Node) => ts.isIdentifier(node) && node.text === 'call';
const literal = (node: ts.Node | undefined) => (node && ts.isStringLiteral(node) ? node.text : undefined);

/**
 * The options that a function of a file reads of its parameter `call`, and that the functions read to which it gives that.
 *
 * @param given the arguments that it is called with: a name of an option may be one of them
 */
export function optionsRead(
  file: string,
  name: string,
  given: readonly ts.Expression[] = [],
  read = new Set<string>(),
): Set<string> {
  const { functions, imports } = moduleOf(file);
  const body = functions.get(name);
  if (!body) {
    const elsewhere = imports.get(name);
    if (!elsewhere) throw new Error(`${file} gives its call to ${name}, which is not found`);
    return optionsRead(elsewhere.file, elsewhere.name, given, read);
  }
  const parameters = body.parameters.map(one => one.name.getText());
  const walk = (node: ts.Node): void => {
    ts.forEachChild(node, walk);
    if (!ts.isCallExpression(node)) return;
    const { expression, arguments: [first, ...rest] } = node; // prettier-ignore
    if (ts.isPropertyAccessExpression(expression) && isCall(expression.expression)) {
      const option = literal(first) ?? literal(given[parameters.indexOf(first?.getText() ?? '')]);
      if (option === undefined) throw new Error(`${file}: ${node.getText()} names no option`);
      read.add(option);
    } else if (first && [first, ...rest].some(isCall) && ts.isIdentifier(expression))
      optionsRead(file, expression.text, node.arguments, read);
  };
  if (body.body) walk(body.body);
  return read;
}

/** Where the commands that load a function of a file stand: by `file#function`, as their files call them. */
export function loadedIn(folder: string): Map<string, string> {
  const loaded = new Map<string, string>();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter(one => one.endsWith('commands.ts')))
    for (const [, path = '', called = ''] of readFileSync(join(folder, name), 'utf8').matchAll(
      /\(await import\('([^']+)'\)\)\.(\w+)/g,
    ))
      loaded.set(`${path}#${called}`, join(folder, dirname(name), path.replace(/\.js$/, '.ts')));
  return loaded;
}
