import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Aggregator, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { countWithOthers, metricsOfAll } from './cluster-metrics.js';

/** From what a point read takes to what a client waits for at most, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** A database that is away keeps nobody from the rest. */
const PATIENCE_MS = 3_000;

/**
 * What the process counts of itself, for Prometheus: names and units follow its conventions. Labels are of small, fixed
 * sets, never of what a request sent; they hold no name, address or id.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly shared = { registers: [this.registry] };

  readonly requests = new Histogram({
    ...this.shared,
    name: 'opskeep_http_request_duration_seconds',
    help: 'Time until an answer was out, by resource (the first part of the route), method and class of the status',
    labelNames: ['resource', 'method', 'status'] as const,
    buckets: BUCKETS,
  });

  readonly limited = new Counter({
    ...this.shared,
    name: 'opskeep_rate_limited_total',
    help: 'Requests refused by a limit of requests: of an address, an actor, or logins',
    labelNames: ['limit'] as const,
  });

  constructor() {
    if (cluster.isWorker) countWithOthers(this.registry);
  }

  /** Everything in Prometheus' text format, of all workers together; undefined where one of them does not answer. */
  text(): Promise<string | undefined> {
    return cluster.isWorker ? metricsOfAll() : this.registry.metrics();
  }

  /**
   * A state that is looked at when somebody asks.
   *
   * @param aggregator what is told of several workers: the sum of what each has, the worst of what all see
   * @param read what it is then, by label; what fails, or is late, is left out of the answer, or not a number
   */
  state(
    name: string,
    help: string,
    label: string | undefined,
    aggregator: Aggregator,
    read: () => Promise<Record<string, number>> | Record<string, number>,
  ): void {
    const registers = [this.registry];
    new Gauge({
      ...{ name, help, registers, aggregator, labelNames: label ? [label] : [] },
      async collect() {
        this.reset();
        const late = sleep(PATIENCE_MS, {}, { ref: false });
        const found = await Promise.race([Promise.resolve().then(read), late]).catch(() => ({}));
        // Without a label there is a series in any case, and 0 would be an answer.
        if (!label) this.set(NaN);
        for (const [of, value] of Object.entries(found))
          if (label) this.set({ [label]: of }, value);
          else this.set(value);
      },
    });
  }
}
