/** Whether the command line shows the stack of an error; asked before and without reading the settings. */
export function showsStacks(environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment.LOG_LEVEL === 'debug' || environment.LOG_LEVEL === 'trace';
}
