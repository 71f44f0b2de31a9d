import { printNotice, stdout } from '../cli/output.js';
import { projectOf } from '../project/project.js';
import { requiredConnection } from '../server/server.js';
import { bridge } from './bridge.js';

/** Speaks the Model Context Protocol over stdin and stdout, for the project of this folder. */
export async function mcp(): Promise<void> {
  const { name, remote } = projectOf(process.cwd());
  await bridge({ ...requiredConnection(), project: { name, remote } }, process.stdin, stdout(), printNotice);
}
