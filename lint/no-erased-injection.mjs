import ts from 'typescript';

/** Names that a file imports as types alone: at run time there is nothing behind them. */
function erasedNames(program) {
  const names = new Set();
  for (const node of program.body) {
    if (node.type !== 'ImportDeclaration') continue;
    for (const one of node.specifiers)
      if (node.importKind === 'type' || one.importKind === 'type') names.add(one.local.name);
  }
  return names;
}

/** The parameter itself, without `private readonly` and without its default. */
function bare(parameter) {
  if (parameter.type === 'TSParameterProperty') return bare(parameter.parameter);
  return parameter.type === 'AssignmentPattern' ? bare(parameter.left) : parameter;
}

/** The name that stands as the type of a parameter; undefined for anything but a plain name. */
function typeNameOf(parameter) {
  const type = bare(parameter).typeAnnotation?.typeAnnotation;
  return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' ? type.typeName : undefined;
}

const isDecorated = node => (node.decorators ?? []).length > 0;
const isInjectedByToken = parameter =>
  (parameter.decorators ?? []).some(one => one.expression.callee?.name === 'Inject');

/**
 * A class that is imported as a type and stands in a decorated signature becomes `Object` in the metadata: Nest
 * then cannot inject it, and validates nothing, without a word. Interfaces are nothing at run time anyway.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const noErasedInjection = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      erased:
        '{{name}} is a class that is imported as a type: its metadata is lost. Import the class itself.',
    },
  },
  create(context) {
    const { ast, parserServices } = context.sourceCode;
    const erased = erasedNames(ast);
    if (erased.size === 0) return {};
    const checker = parserServices.program.getTypeChecker();
    const isClass = name => {
      const symbol = checker.getSymbolAtLocation(parserServices.esTreeNodeToTSNodeMap.get(name));
      if (!symbol) return false;
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return (target.flags & ts.SymbolFlags.Class) !== 0;
    };
    return {
      MethodDefinition(node) {
        const { params } = node.value;
        const signature = node.kind === 'constructor' ? node.parent.parent : node;
        if (!isDecorated(signature) && !params.some(isDecorated)) return;
        for (const parameter of params) {
          const name = typeNameOf(parameter);
          if (!name || !erased.has(name.name) || isInjectedByToken(parameter) || !isClass(name)) continue;
          context.report({ node: parameter, messageId: 'erased', data: { name: name.name } });
        }
      },
    };
  },
};
