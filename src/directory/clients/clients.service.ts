import { Injectable } from '@nestjs/common';
import { AppSettings } from '../../core/config/settings.js';
import { ResourceService } from '../../core/resource/resource.service.js';
import { Client } from './client.entity.js';

@Injectable()
export class ClientsService extends ResourceService(Client) {
  constructor(private readonly settings: AppSettings) {
    super();
  }

  protected override beforeCreate(row: Client): void {
    row.currency ??= this.settings.DEFAULT_CURRENCY;
  }
}
