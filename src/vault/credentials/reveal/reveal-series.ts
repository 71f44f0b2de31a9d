import { Injectable } from '@nestjs/common';
import { AppSettings } from '../../../core/config/settings.js';
import { EventBus } from '../../../core/events/events.js';
import { currentActor } from '../../../core/context/request-context.js';
import { Series } from '../../series.js';
// The type of the event is declared there.
import type {} from '../../vault-events.js';

/** Notices who reveals unusually much; counted in this process. */
@Injectable()
export class RevealSeries {
  private readonly revealed: Series;

  constructor(
    settings: AppSettings,
    private readonly events: EventBus,
  ) {
    this.revealed = new Series(settings.MASS_REVEAL_LIMIT, settings.MASS_REVEAL_WINDOW_MINUTES * 60_000);
  }

  /** After reveals are on the record; a bulk is judged once, by its size. Past the limit, each further one is told. */
  noteRevealed(credential_ids: string[]): void {
    const { id: actor_id, name: actor_name } = currentActor();
    const many = this.revealed.add(actor_id, credential_ids);
    if (!many) return;
    const { fresh, total } = many;
    this.events.announce('vault.mass_reveal', { actor_id, actor_name, credential_ids: fresh, total });
  }
}
