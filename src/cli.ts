#!/usr/bin/env node
import { keepCompiled } from './compile-cache.js';

keepCompiled();
const { runCommandLine } = await import('./commands/run.js');
await runCommandLine();
