/** What the files that are started ask of the program, which the build makes one file of; each loads what it needs. */
export const program = {
  /** @param loaded called when everything is loaded, before the server listens */
  serve: async (loaded: () => void): Promise<void> => (await import('./serving/serve.js')).serve(loaded),
  runCommandLine: async (): Promise<void> => (await import('./commands/run.js')).runCommandLine(),
};
