import cluster from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';
import { v7 } from 'uuid';

/** Longer than the primary process waits for the workers. */
const PATIENCE_MS = 6_000;
const TYPE = 'opskeep:metrics';

interface Asked {
  type: typeof TYPE;
  id: string;
}
interface Told extends Asked {
  /** Undefined where a worker did not answer. */
  text?: string;
}

const isOurs = (message: unknown): message is Told => (message as Told | null)?.type === TYPE;

/** In the primary process: gives each worker that asks what all of them count. */
export function answerForAll(): void {
  const registry = new AggregatorRegistry();
  cluster.on('message', (worker, message: unknown) => {
    if (!isOurs(message)) return;
    const { type, id } = message;
    const tell = (text?: string) => worker.isConnected() && worker.send({ type, id, text } satisfies Told);
    registry.clusterMetrics().then(tell, () => tell());
  });
}

/** In a worker: has it answer the primary process, for whoever asks another worker. */
export function countWithOthers(registry: Registry): void {
  AggregatorRegistry.setRegistries(registry);
  new AggregatorRegistry();
}

/** In a worker: what all workers count, in Prometheus' text format; undefined where one of them did not answer in time. */
export function metricsOfAll(): Promise<string | undefined> {
  const id = v7();
  return new Promise(resolve => {
    const done = (text?: string) => {
      clearTimeout(late);
      process.off('message', hear);
      resolve(text);
    };
    const hear = (message: unknown) => isOurs(message) && message.id === id && done(message.text);
    const late = setTimeout(() => done(), PATIENCE_MS);
    process.on('message', hear);
    process.send?.({ type: TYPE, id } satisfies Asked);
  });
}
