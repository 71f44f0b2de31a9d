/** Options of a parameter that is the same wherever it stands: the document has it once, as the component `name`. */
export function sharedAs(name: string): { extensions: Record<string, string> } {
  return { extensions: { 'x-shared-as': name } };
}
