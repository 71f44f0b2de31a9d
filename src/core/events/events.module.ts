import { Global, Module } from '@nestjs/common';
import { EventBus } from './events.js';

@Global()
@Module({ providers: [EventBus], exports: [EventBus] })
export class EventsModule {}
