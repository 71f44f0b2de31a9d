import { Module } from '@nestjs/common';
import { ExpirationsController } from './expirations.controller.js';
import { ExpirationsService } from './expirations.service.js';
import { Reminders } from './reminders/reminders.service.js';

@Module({ controllers: [ExpirationsController], providers: [ExpirationsService, Reminders] })
export class ExpirationsModule {}
