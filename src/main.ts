import { loadProgram } from './program-file.js';

const { program, keep } = loadProgram('main');
await program.serve(keep);
