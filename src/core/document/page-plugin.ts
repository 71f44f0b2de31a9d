/* What is needed here of Swagger UI (https://swagger.io/docs/open-source-tools/swagger-ui/customization/plugin-api/). */
interface Seq {
  get(key: string): unknown;
}
interface Group {
  get(key: 'operations'): { size: number };
  update(key: 'operations', change: (operations: Filtered<Seq>) => unknown): Group;
}
interface Filtered<T> {
  filter(keep: (one: T) => boolean): this;
}
interface Groups extends Filtered<Group> {
  map(change: (group: Group, tag: string) => Group): Groups;
  keySeq(): { toArray(): string[] };
}
interface System {
  React: {
    Fragment: unknown;
    useEffect: (this: void, effect: () => void, dependencies: unknown[]) => void;
    createElement: (this: void, type: unknown, props: object | null, ...children: unknown[]) => unknown;
  };
  specSelectors: { taggedOperations(): Groups };
  specActions: {
    updateJsonSpec(document: unknown): unknown;
    updateResolvedSubtree(path: readonly string[], value: unknown): unknown;
  };
  layoutSelectors: { currentFilter(): unknown };
  layoutActions: { updateFilter(text: string): unknown };
  fn: { opsFilter(tagged: Groups, filter: string): Groups };
}
declare const document: { querySelector(selector: string): { focus(): void } | null };
interface RowProps {
  param: Seq;
  pathMethod: readonly [string, string];
  specActions: System['specActions'];
}
interface Parameter {
  name: string;
  in: string;
  schema?: { type?: string; items?: object };
}

/**
 * A plugin of the docs page: the headings of `x-tagGroups` over their tags; a search for operations; the operators of
 * a filter (`field__gte`) come when the button of their field asks for them; one text field for a filter's values; and
 * the document is read as fast as it can be. Swagger UI reads
 * JSON as YAML, reads the whole document again to resolve a part of it, and its work on an operation grows with the
 * square of the number of parameters: seconds for each, where this takes milliseconds.
 *
 * It is sent to the browser as its text: it may use nothing but its argument.
 */
export function pagePlugin({ React }: System): object {
  const element = React.createElement;
  let read: unknown;
  /** `/api/sites get name` for each field whose operators are shown. */
  const open = new Set<string>();

  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const part = (path: readonly string[]) =>
    path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), read);

  /** A part of the document with what it refers to in the place of each reference, but for one inside of itself. */
  const resolved = (value: unknown, inside: readonly string[] = []): unknown => {
    if (Array.isArray(value)) return value.map(one => resolved(one, inside));
    if (!isObject(value)) return value;
    const { $ref } = value;
    if (typeof $ref !== 'string')
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolved(one, inside)]));
    return inside.includes($ref) ? {} : resolved(part($ref.slice(2).split('/')), [...inside, $ref]);
  };

  /** The parameters but for the operators of fields that are closed; a field tells its own. */
  const shownParameters = (parameters: Parameter[], pathMethod: readonly string[]) => {
    const operatorsOf = (field: Parameter) =>
      field.in === 'query'
        ? parameters.map(one => one.name).filter(one => one.startsWith(`${field.name}__`))
        : [];
    const folded = new Set(
      parameters.filter(one => !open.has([...pathMethod, one.name].join(' '))).flatMap(operatorsOf),
    );
    return parameters
      .filter(one => !folded.has(one.name))
      .map(one => ({
        ...one,
        // One value is what people look for: several are told by `__in`.
        schema: one.in === 'query' && one.schema?.type === 'array' ? one.schema.items : one.schema,
        'x-operators': operatorsOf(one).map(name => name.slice(one.name.length + 2)),
        'x-open': open.has([...pathMethod, one.name].join(' ')),
      }));
  };

  /** An operation as the page shows it: errors have one shape, which is said once. */
  const shownOperation = (pathMethod: readonly string[]) => {
    const operation = resolved(part(['paths', ...pathMethod])) as {
      parameters?: Parameter[];
      responses: Record<string, { description?: string }>;
    };
    const responses = Object.entries(operation.responses).map(([status, answer]) => [
      status,
      Number(status) < 400 ? answer : { description: answer.description },
    ]);
    const parameters = shownParameters(operation.parameters ?? [], pathMethod);
    return { ...operation, parameters, responses: Object.fromEntries(responses) as object };
  };

  /** The groups, and of those that are not named so the operations whose id, path or summary holds the text. */
  const opsFilter = (groups: Groups, text: string) => {
    const holds = (one: unknown) => String(one).toLowerCase().includes(text.trim().toLowerCase());
    const found = (one: Seq) => {
      const operation = one.get('operation') as Seq;
      return [one.get('path'), operation.get('operationId'), operation.get('summary')].some(holds);
    };
    return groups
      .map((group, tag) => (holds(tag) ? group : group.update('operations', all => all.filter(found))))
      .filter(group => group.get('operations').size > 0);
  };

  /** The tags that are on the page: those that the filter leaves. */
  const shownTags = ({ specSelectors, layoutSelectors, fn }: System) => {
    const tagged = specSelectors.taggedOperations();
    const filter = layoutSelectors.currentFilter();
    const narrowed = typeof filter === 'string' && !['', 'true', 'false'].includes(filter);
    return (narrowed ? fn.opsFilter(tagged, filter) : tagged).keySeq().toArray();
  };

  const withHeading = (Tag: unknown, system: System) => (props: { tag: string }) => {
    const groups = (part(['x-tagGroups']) ?? []) as { name: string; tags: string[] }[];
    const shown = shownTags(system);
    const group = groups.find(one => one.tags.find(tag => shown.includes(tag)) === props.tag);
    const heading = group && element('h2', { className: 'tag-group' }, group.name);
    return element(React.Fragment, null, heading, element(Tag, props));
  };

  const withOperators = (ParameterRow: unknown) => (props: RowProps) => {
    const { param, pathMethod, specActions } = props;
    const row = element(ParameterRow, props);
    const operators = [...((param.get('x-operators') ?? []) as Iterable<string>)];
    if (operators.length === 0) return row;
    const key = [...pathMethod, param.get('name')].join(' ');
    const toggle = () => {
      if (!open.delete(key)) open.add(key);
      specActions.updateResolvedSubtree(['paths', ...pathMethod], shownOperation(pathMethod));
    };
    const button = element(
      'button',
      { type: 'button', className: 'operators', 'aria-expanded': param.get('x-open'), onClick: toggle },
      operators.join(' · '),
    );
    const inner = element('table', null, element('tbody', null, row));
    return element('tr', { className: 'with-operators' }, element('td', { colSpan: 2 }, inner, button));
  };

  const search = () => (props: Pick<System, 'layoutSelectors' | 'layoutActions'>) => {
    const text = props.layoutSelectors.currentFilter();
    const input = element('input', {
      type: 'search',
      className: 'operation-filter-input',
      placeholder: 'Find operations: rotate, listSites, /api/clients …',
      'aria-label': 'Find operations',
      value: typeof text === 'string' && text !== 'true' ? text : '',
      onChange: ({ target }: { target: { value: string } }) => props.layoutActions.updateFilter(target.value),
    });
    return element('div', { className: 'filter wrapper' }, input);
  };

  /** The dialogue begins at the email; each of its forms wants the cursor, and the last would get it. */
  const beginningAtEmail = (Auths: unknown) => (props: object) => {
    React.useEffect(() => document.querySelector('#oauth_username')?.focus(), []);
    return element(Auths, props);
  };

  const parseToJson =
    (_original: unknown, { specActions }: System) =>
    (text: string) =>
      specActions.updateJsonSpec((read = JSON.parse(text)));

  const requestResolvedSubtree =
    (_original: unknown, { specActions }: System) =>
    (path: readonly string[]) => {
      const [first, ...rest] = path;
      const value = first === 'paths' && rest.length === 2 ? shownOperation(rest) : resolved(part(path));
      return specActions.updateResolvedSubtree(path, value);
    };

  return {
    fn: { opsFilter },
    wrapComponents: {
      OperationTag: withHeading,
      parameterRow: withOperators,
      FilterContainer: search,
      auths: beginningAtEmail,
    },
    statePlugins: { spec: { wrapActions: { parseToJson, requestResolvedSubtree } } },
  };
}
