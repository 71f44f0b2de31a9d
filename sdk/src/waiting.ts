/** After so many seconds; rejects with the reason of the signal when that ends it sooner. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>(resolve => (timer = setTimeout(resolve, seconds * 1000)));
  await together(over, signal).finally(() => clearTimeout(timer));
}

/** What several may wait for: a signal ends the waiting of its own request alone. */
export async function together<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
  });
  return Promise.race([shared, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}
