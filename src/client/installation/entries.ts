import { asObject } from '../private-files.js';

// What only reads is noise.
const CHANGING = {
  matcher: '^(Edit|MultiEdit|Write|NotebookEdit|Bash|PowerShell|WebFetch|Task|Agent|mcp__.*)$',
  timeout: 15,
  async: true,
} as const;

/** What is written into the settings of the host for each event; timeouts in seconds. */
const EVENTS: Record<string, { matcher?: string; timeout: number; async?: true }> = {
  SessionStart: { timeout: 5 },
  UserPromptSubmit: { timeout: 5 },
  PostToolUse: CHANGING,
  PostToolUseFailure: CHANGING,
  Stop: { timeout: 15, async: true },
  PreCompact: { timeout: 10 },
  PostCompact: { timeout: 15 },
  SessionEnd: { timeout: 5 },
};

export const HOOK_EVENTS = Object.keys(EVENTS);

type Settings = Record<string, unknown>;

/** Whether a hook is ours, of whichever installation: exactly what `withOurs` writes. */
function isOurs(hook: unknown): boolean {
  const { type, args, command } = asObject(hook) ?? {};
  if (type !== 'command' || typeof command !== 'string' || !Array.isArray(args) || args.length !== 2)
    return false;
  const [script, event] = args as unknown[];
  const isScript = typeof script === 'string' && /[/\\]opskeep[/\\]hook\.cjs$/.test(script);
  return isScript && typeof event === 'string' && Object.hasOwn(EVENTS, event);
}

/** The scripts that the settings name for our hooks, by event. */
export function ourScripts(settings: Settings): Map<string, { node: string; script: string }> {
  const found = new Map<string, { node: string; script: string }>();
  for (const [event, groups] of Object.entries(asObject(settings.hooks) ?? {}))
    for (const group of Array.isArray(groups) ? groups : [])
      for (const hook of hooksOf(group).filter(isOurs)) {
        const { command, args } = asObject(hook) ?? {};
        const script = Array.isArray(args) ? String(args[0]) : '';
        found.set(event, { node: String(command), script });
      }
  return found;
}

function hooksOf(group: unknown): unknown[] {
  const { hooks } = asObject(group) ?? {};
  return Array.isArray(hooks) ? hooks : [];
}

/** The settings without our hooks; what is empty then goes, unless it was so before. */
export function withoutOurs(settings: Settings): Settings {
  const hooks = asObject(settings.hooks);
  if (!hooks) return settings;
  const kept: Settings = {};
  for (const [event, groups] of Object.entries(hooks)) {
    if (!Array.isArray(groups)) kept[event] = groups;
    else {
      const rest = groups.flatMap((group: unknown) => {
        const own = hooksOf(group);
        const others = own.filter(one => !isOurs(one));
        if (others.length === own.length) return [group];
        return others.length > 0 ? [{ ...asObject(group), hooks: others }] : [];
      });
      if (rest.length > 0 || groups.length === 0) kept[event] = rest;
    }
  }
  const { hooks: _hooks, ...others } = settings;
  if (Object.keys(kept).length === 0 && Object.keys(hooks).length > 0) return others;
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, name === 'hooks' ? kept : value]),
  );
}

/** The settings with our hooks behind those of others; installed twice they are there once. */
export function withOurs(settings: Settings, node: string, script: string): Settings {
  const clean = withoutOurs(settings);
  const hooks: Settings = { ...asObject(clean.hooks) };
  for (const [event, { matcher, ...more }] of Object.entries(EVENTS)) {
    const before = Array.isArray(hooks[event]) ? (hooks[event] as unknown[]) : [];
    const hook = { type: 'command', command: node, args: [script, event], ...more };
    hooks[event] = [...before, { ...(matcher ? { matcher } : {}), hooks: [hook] }];
  }
  return { ...clean, hooks };
}

/** What was of another shape before our hooks came, in its place again unless something else stands there now. */
export function withOddShapes(settings: Settings, before: Settings): Settings {
  if (!('hooks' in before) || (settings.hooks !== undefined && !asObject(settings.hooks))) return settings;
  const was = asObject(before.hooks);
  if (!was) return 'hooks' in settings ? settings : { ...settings, hooks: before.hooks };
  const now = asObject(settings.hooks) ?? {};
  const odd = Object.entries(was).filter(([event, groups]) => {
    const isEmpty = Array.isArray(groups) && groups.length === 0;
    return !Object.hasOwn(now, event) && (isEmpty || !Array.isArray(groups));
  });
  return odd.length === 0 ? settings : { ...settings, hooks: { ...now, ...Object.fromEntries(odd) } };
}
