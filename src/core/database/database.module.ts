import { DynamicModule, Module } from '@nestjs/common';
import { MainDatabase } from './main-database.js';
import { Units } from './units.js';

/** The main database, opened before the application and closed by who opened it, and the unit of work. */
@Module({})
export class DatabaseModule {
  static register(database: MainDatabase): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [{ provide: MainDatabase, useValue: database }, Units],
      exports: [MainDatabase, Units],
    };
  }
}
