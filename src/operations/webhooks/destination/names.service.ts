import { CANCELLED, Resolver } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { OWN_NAME } from './destination.js';
import { HostsFile } from './hosts-file.js';
import type { Found } from './lookup.js';
import { Turns } from './turns.js';

/** Look-ups of one user under way. */
const MOST = 4;
/** After so many milliseconds a query is asked again. */
const TRY_MS = 2_000;
const UNKNOWN = new Set(['ENOTFOUND', 'ENODATA']);
const LOOPBACK: Found[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * Looks names up, whole ones: the hosts file first, then name servers. Not by the threads of the system, of which all of
 * the process has four, and which nothing ends: whoever runs a name server that never answers would have them all.
 */
@Injectable()
export class Names implements OnApplicationShutdown {
  /** `127.0.0.1:5353`; those of the system, unless a test has its own. */
  servers?: string[];
  /** A name that nobody has answered for in so many milliseconds is given up; tests have less. */
  patience = 5_000;
  private isEnded = false;
  private readonly hosts = new HostsFile();
  private readonly turns = new Turns(MOST);
  private readonly underWay = new Map<string, Promise<Found[]>>();
  private readonly resolvers = new Set<Resolver>();

  /**
   * Every address of a name, those of IPv4 first. Who asks for a name while the same user's look-up of it is under way
   * has its answer.
   *
   * @param user_id whose look-ups wait for each other
   * @throws the error of the name server: ENOTFOUND, ETIMEOUT, ECANCELLED …
   */
  async find(user_id: string, host: string): Promise<Found[]> {
    const name = host.toLowerCase().replace(/\.+$/, '');
    const known = await this.hosts.find(name);
    if (known.length > 0) return known;
    if (OWN_NAME.test(name)) return LOOPBACK;
    const key = `${user_id} ${name}`;
    let asked = this.underWay.get(key);
    if (!asked) {
      asked = this.turns.take(user_id, () => this.ask(name)).finally(() => this.underWay.delete(key));
      this.underWay.set(key, asked);
    }
    return asked;
  }

  onApplicationShutdown(): void {
    this.isEnded = true;
    for (const one of this.resolvers) one.cancel();
  }

  private async ask(name: string): Promise<Found[]> {
    if (this.isEnded) throw Object.assign(new Error('The program ends'), { code: CANCELLED });
    const resolver = new Resolver({ timeout: TRY_MS, tries: 2 });
    if (this.servers) resolver.setServers(this.servers);
    this.resolvers.add(resolver);
    const late = setTimeout(() => resolver.cancel(), this.patience);
    try {
      const asked = [resolver.resolve4(name), resolver.resolve6(name)];
      return addressesOf(await Promise.allSettled(asked));
    } finally {
      clearTimeout(late);
      this.resolvers.delete(resolver);
    }
  }
}

function addressesOf(answers: PromiseSettledResult<string[]>[]): Found[] {
  const found = answers.flatMap(one => (one.status === 'fulfilled' ? one.value : []));
  if (found.length > 0) return found.map(address => ({ address, family: isIPv4(address) ? 4 : 6 }));
  const errors = answers.flatMap(one =>
    one.status === 'rejected' ? [one.reason as NodeJS.ErrnoException] : [],
  );
  throw errors.find(({ code }) => !UNKNOWN.has(code ?? '')) ?? errors[0] ?? new Error('no address');
}
