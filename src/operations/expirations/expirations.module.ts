import './reminders/expiration-reminder.entity.js';
import { Module } from '@nestjs/common';
import { Certificates } from './certificates.service.js';
import { ExpirationsController } from './expirations.controller.js';
import { ExpirationsService } from './expirations.service.js';
import { DueRows } from './reminders/due-rows.service.js';
import { Reminders } from './reminders/reminders.service.js';

@Module({
  controllers: [ExpirationsController],
  providers: [Certificates, ExpirationsService, DueRows, Reminders],
})
export class ExpirationsModule {}
