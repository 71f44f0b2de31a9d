import { asObject } from '../private-files.js';

/** What is written into the settings of the host for each event; timeouts in seconds. */
const EVENTS: Record<string, { matcher?: string; timeout: number; async?: true }> = {
  SessionStart: { timeout: 5 },
  UserPromptSubmit: { timeout: 5 },
  // What only reads is noise.
  PostToolUse: {
    matcher: '^(Edit|MultiEdit|Write|NotebookEdit|Bash|PowerShell|WebFetch|Task|Agent|mcp__.*)$',
    timeout: 15,
    async: true,
  },
  Stop: { timeout: 15, async: true },
  PreCompact: { timeout: 10 },
  PostCompact: { timeout: 15 },
  SessionEnd: { timeout: 5 },
};

export const HOOK_EVENTS = Object.keys(EVENTS);

type Settings = Record<string, unknown>;

/** Whether a hook is ours, of whichever installation. */
function isOurs(hook: unknown): boolean {
  const { args, command } = asObject(hook) ?? {};
  const words = [command, ...(Array.isArray(args) ? (args as unknown[]) : [])];
  return words.some(one => typeof one === 'string' && /[/\\]opskeep[/\\]hook\.mjs\b/.test(one));
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
