import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';
import { Units } from '../database/units.js';
import { Logger } from '../context/logger.js';

/** What happened to a row of a resource. */
export interface ResourceEvent {
  resource: string;
  id: string;
  client_id: string | null;
  actor_id: string | null;
}

/** Every event with its payload; a domain adds its own by declaring this interface again (TypeScript merges). */
export interface Events {
  'resource.created': ResourceEvent;
  'resource.updated': ResourceEvent;
  'resource.deleted': ResourceEvent;
}

/** Typed events, announced after the commit and never after a rollback. */
@Injectable()
export class EventBus {
  private readonly emitter = new EventEmitter();

  constructor(
    private readonly units: Units,
    private readonly logger: Logger,
  ) {
    this.emitter.setMaxListeners(0);
  }

  announce<K extends keyof Events>(name: K, payload: Events[K]): void {
    if (this.emitter.listenerCount(name) === 0) return;
    this.units.afterCommit(() => this.emitter.emit(name, payload));
  }

  /** A listener's fault is logged; it reaches neither the caller nor the other listeners. */
  on<K extends keyof Events>(name: K, listener: (payload: Events[K]) => Promise<void> | void): void {
    this.emitter.on(name, (payload: Events[K]) => {
      Promise.resolve(payload)
        .then(listener)
        .catch((error: unknown) =>
          this.logger.error({ err: error, event: name }, 'an event listener failed'),
        );
    });
  }
}
