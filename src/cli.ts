#!/usr/bin/env node
import 'reflect-metadata';
import { runCommandLine } from './commands/run.js';

await runCommandLine();
