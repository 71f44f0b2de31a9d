import { once } from 'node:events';
import { createServer, type ListenOptions } from 'node:net';
import type { AppSettings } from '../core/config/settings.js';

/** Whether it could be listened on; nobody is answered meanwhile. */
export async function tryPort(where: ListenOptions): Promise<void> {
  const tried = createServer();
  await once(tried.listen(where), 'listening');
  tried.close();
  await once(tried, 'close');
}

/** Takes the port of the settings. @throws Error that says what keeps it from it, for an operator */
export async function takingPort(
  { PORT, HOST }: AppSettings,
  take: (where: ListenOptions) => Promise<unknown>,
): Promise<void> {
  try {
    await take({ port: PORT, host: HOST });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new Error(
        `Port ${PORT} of ${HOST} is in use by another program: set another one, for example PORT=8001`,
      );
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
      throw new Error(`It may not listen on port ${PORT} of ${HOST} (${code}): set PORT and HOST`);
    throw error;
  }
}
