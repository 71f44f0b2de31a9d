import type { INestApplicationContext } from '@nestjs/common';
import type { Actor } from '../../../core/context/actor.js';
import { runAs } from '../../../core/context/request-context.js';
import { allResources } from '../../../core/resource/resource.js';
import type { MemoryEvent } from '../../../formats/memory-event.js';
import { MemoryEventsService } from '../../../memory/events/memory-events.service.js';
import type { Calendar } from './calendar.js';
import type { Firm } from './firms.js';

/** Where the plan of a client is kept. */
export const repositoryOf = ({ code }: Firm): string => `https://git.msp.example/continuity/${code}.git`;

type Said = Pick<MemoryEvent, 'kind' | 'text'> & Partial<MemoryEvent>;

/** What hooks bring of the talks that a technician has with an assistant, the oldest first. */
export function talksOf(firm: Firm, calendar: Calendar): MemoryEvent[] {
  const { code, name, software, contact } = firm;
  const asked = (text: string): Said => ({ kind: 'turn', speaker: 'user', text });
  const git = (...changed_files: string[]) => ({ git: { branch: 'main', changed_files } });
  const talks: [days: number, said: Said[]][] = [
    [
      96,
      [
        asked(`Why does the backup of ${name} fail on some nights?`),
        { kind: 'tool', text: `Bash ssh ${code}-nas01 df -h: ok` },
        {
          kind: 'stop',
          text:
            `The target is full on those nights: restore points are kept for 60 days there. I lowered that to 30 days on ${code}-nas01.\n` +
            `We decided to use tapes for the yearly copy because the office has a fireproof safe.\n` +
            `Blocked by: the tape drive has not been delivered\nNext: restore the database of ${software}`,
          ...git('backup/retention.yml'),
        },
      ],
    ],
    [
      40,
      [
        asked('The tape drive was delivered and failed twice. What now?'),
        {
          kind: 'stop',
          text:
            'The tape drive was delivered, so that is resolved. We switched from tapes to object storage for the yearly copy because the drive failed twice.\n' +
            `I restored the database of ${software} to a spare machine in 40 minutes.\nIn progress: the runbook of the restore`,
          ...git('backup/yearly.yml', 'runbooks/restore.md'),
        },
        { kind: 'note', text: `The restore of ${software} needs the licence file beside the database.` },
      ],
    ],
    [
      12,
      [
        asked(`Where do we stand with the plan for ${name}?`),
        {
          kind: 'compact',
          text: `The continuity plan of ${name}: the yearly copy goes to object storage, a restore takes 40 minutes, and ${contact} knows whom to call.`,
        },
        {
          kind: 'checkpoint',
          title: 'Before the restore test of the quarter',
          text: `Phase: operation\n## Done\n- Wrote the runbook of the restore\n## Blockers\nNone\n## Next steps\n- Agree on a date with ${contact}\n- Restore the directory first`,
          ...git('runbooks/restore.md'),
        },
      ],
    ],
  ];
  return talks.flatMap(([days, said], talk) =>
    said.map((one, n) => ({
      key: `demo:${code}:${talk}:${n}`,
      at: calendar.momentBefore(days, 540 + 4 * n),
      session_key: `demo-${code}-${talk + 1}`,
      project: { name: 'Continuity plan', remote: repositoryOf(firm) },
      source: 'hook',
      sequence: n + 1,
      ...one,
    })),
  );
}

/** Lets the memory take the talks, as it does from a user's machine. */
export async function talk(
  app: INestApplicationContext,
  events: readonly MemoryEvent[],
  user_id: string,
  told: (path: string, made: number) => void,
): Promise<void> {
  const technician: Actor = {
    kind: 'user',
    id: user_id,
    name: 'Ana Ferreira (demo)',
    scopes: new Set(['msp:read', 'msp:write']),
    client_access: 'all',
    client_ids: [],
    login_id: null,
  };
  const { results } = await runAs(technician, () => app.get(MemoryEventsService).take(events));
  for (const { resource, error } of results) {
    if (error) throw new Error(`The demo was refused by the memory: ${error.error}`);
    told(allResources().find(one => one.name === resource)?.path ?? '', 1);
  }
}
