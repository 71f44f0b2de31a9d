#!/usr/bin/env node
import { loadProgram } from './program-file.js';

const { program, keep } = loadProgram('cli');
await program.runCommandLine();
keep();
