/* What is needed here of Swagger UI (https://github.com/swagger-api/swagger-ui, docs/customization/plugin-api.md). */
interface Seq<T> {
  get(key: string): T;
  getIn(path: string[]): Seq<unknown> | undefined;
  toJS(): T;
}
interface Keyed {
  keySeq(): { toArray(): string[] };
}
interface System {
  React: {
    Fragment: unknown;
    createElement: (this: void, type: unknown, props: object | null, ...children: unknown[]) => unknown;
  };
  specSelectors: {
    specJson(): Seq<Seq<{ name: string; tags: string[] }[]> | undefined>;
    taggedOperations(): Keyed;
  };
  specActions: {
    updateJsonSpec(document: unknown): unknown;
    updateResolvedSubtree(path: string[], value: unknown): unknown;
  };
  layoutSelectors: { currentFilter(): unknown };
  fn: { opsFilter(tagged: Keyed, filter: string): Keyed };
}
interface Click {
  currentTarget: {
    closest(selector: string): { querySelectorAll(selector: string): Iterable<Row> };
    setAttribute(name: string, value: string): void;
  };
}
interface Row {
  classList: { toggle(name: string): boolean };
}
interface RowProps {
  param: Seq<string>;
  pathMethod: readonly [string, string];
  specSelectors: {
    operationWithMeta(...pathMethod: readonly [string, string]): Seq<Iterable<Seq<string>> | undefined>;
  };
}

/**
 * A plugin of the docs page: the headings of `x-tagGroups` over their tags, and the operators of a filter
 * (`field__gte`) behind a button of their field; and the document is read as fast as it can be. It is sent to the browser as its text: it may use nothing but its
 * argument.
 */
export function pagePlugin({ React }: System): object {
  const element = React.createElement;

  /** The tags that are on the page: those that the filter leaves. */
  const shownTags = ({ specSelectors, layoutSelectors, fn }: System) => {
    const tagged = specSelectors.taggedOperations();
    const filter = layoutSelectors.currentFilter();
    const narrowed = typeof filter === 'string' && !['', 'true', 'false'].includes(filter);
    return (narrowed ? fn.opsFilter(tagged, filter) : tagged).keySeq().toArray();
  };

  const withHeading = (Tag: unknown, system: System) => (props: { tag: string }) => {
    const groups = system.specSelectors.specJson().get('x-tagGroups')?.toJS() ?? [];
    const shown = shownTags(system);
    const group = groups.find(one => one.tags.find(tag => shown.includes(tag)) === props.tag);
    const heading = group && element('h2', { className: 'tag-group' }, group.name);
    return element(React.Fragment, null, heading, element(Tag, props));
  };

  const withOperators = (ParameterRow: unknown) => (props: RowProps) => {
    const name = props.param.get('name');
    const row = element(ParameterRow, props);
    const parameters = props.specSelectors.operationWithMeta(...props.pathMethod).get('parameters') ?? [];
    const operators = [...parameters]
      .map(one => one.get('name'))
      .filter(one => one.startsWith(`${name}__`))
      .map(one => one.slice(name.length + 2));
    if (props.param.get('in') !== 'query' || operators.length === 0) return row;
    const toggle = ({ currentTarget }: Click) => {
      const rows = currentTarget.closest('.parameters').querySelectorAll(`tr[data-param-name^="${name}__"]`);
      const open = [...rows].map(one => one.classList.toggle('open')).includes(true);
      currentTarget.setAttribute('aria-expanded', String(open));
    };
    const button = element(
      'button',
      { type: 'button', className: 'operators', 'aria-expanded': 'false', onClick: toggle },
      operators.join(' · '),
    );
    const inner = element('table', null, element('tbody', null, row));
    return element('tr', { className: 'with-operators' }, element('td', { colSpan: 2 }, inner, button));
  };

  // Swagger UI reads every document as YAML, which takes a second for ours; it is JSON.
  const parseToJson =
    (_original: unknown, { specActions }: System) =>
    (text: string) =>
      specActions.updateJsonSpec(JSON.parse(text));

  // Nothing of the security schemes is a reference, and resolving a part takes a second: it reads the whole document.
  const requestResolvedSubtree =
    (original: (path: string[]) => unknown, { specActions, specSelectors }: System) =>
    (path: string[]) =>
      path.join('.') === 'components.securitySchemes'
        ? specActions.updateResolvedSubtree(path, specSelectors.specJson().getIn(path)?.toJS())
        : original(path);

  return {
    wrapComponents: { OperationTag: withHeading, parameterRow: withOperators },
    statePlugins: { spec: { wrapActions: { parseToJson, requestResolvedSubtree } } },
  };
}
