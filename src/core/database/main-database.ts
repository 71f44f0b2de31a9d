import type { DataSource } from 'typeorm';
import { Database } from './database.js';
import type { Connections } from './sql.js';

/** The main database: everything but wrapped keys. */
export class MainDatabase extends Database {
  override readonly hasTriggers = true;

  constructor(dataSource: DataSource, connections: Connections) {
    super(dataSource, connections);
  }
}
