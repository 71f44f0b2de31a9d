import type { Tool } from './tool.js';
import { getCredential } from './tools/get-credential.js';
import { logWork } from './tools/log-work.js';
import { projectState } from './tools/project-state.js';
import { recall } from './tools/recall.js';
import { remember } from './tools/remember.js';

/** Few, so that they cost an assistant little to know. */
export const TOOLS: readonly Tool[] = [recall, remember, projectState, logWork, getCredential];
