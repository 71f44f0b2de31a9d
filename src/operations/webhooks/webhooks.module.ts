import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { DeliveryMetrics } from './delivery/delivery-metrics.service.js';
import { Leases } from './delivery/leases.service.js';
import { Outbox } from './delivery/outbox.service.js';
import { Owners } from './delivery/owners.service.js';
import { Planner } from './delivery/planner.service.js';
import { Rounds } from './delivery/rounds.service.js';
import { Sender } from './delivery/sender.service.js';
import { WebhookWorker } from './delivery/webhook-worker.service.js';
import { Names } from './destination/names.service.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { WebhookSecrets } from './webhook-secrets.service.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

@Module({
  imports: [ChangesModule],
  controllers: [WebhooksController],
  providers: [
    WebhooksService,
    WebhookSecrets,
    WebhookDeliveriesService,
    ...[Owners, Outbox, Leases, Planner, Names, Sender, Rounds, DeliveryMetrics, WebhookWorker],
  ],
  exports: [WebhooksService],
})
export class WebhooksModule {}
