import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { migrations } from './migrations/index.js';
// Importing the application declares every table.
import './src/app.module.js';
import { loadSettings } from './src/core/config/load-settings.js';
import { sourceOptions } from './src/core/database/database.js';
import { mainOptions } from './src/core/start/backends.js';

/** The main database for TypeORM's own tools: `npx typeorm query "…" -d dist/ormconfig.js`. */
export default new DataSource(sourceOptions(mainOptions(loadSettings().settings, migrations)));
