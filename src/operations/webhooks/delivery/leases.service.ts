import { Injectable } from '@nestjs/common';
import { MainDatabase } from '../../../core/database/main-database.js';
import { RowLeases } from '../../../core/database/row-leases.js';

/** Which process delivers for a webhook. */
@Injectable()
export class Leases extends RowLeases {
  constructor(database: MainDatabase) {
    super(database, 'webhooks');
  }
}
