import { errorOf, type OpskeepError } from './errors.js';
import type { components } from './schema.js';

type Schemas = components['schemas'];

/** What a login is: kept by a `TokenStorage`, and as secret as a password. */
export interface Tokens {
  access_token: string;
  /** Works once; each refresh brings the next. */
  refresh_token: string;
  /** Milliseconds since 1970, by the clock of this computer. */
  expires_at: number;
}

/** Where a login outlives the program or the page: a file, a key ring, `localStorage`. */
export interface TokenStorage {
  load(): Tokens | null | undefined | Promise<Tokens | null | undefined>;
  /** `null`: the login is over, and nothing of it may be kept. */
  save(tokens: Tokens | null): void | Promise<void>;
}

/** Email and password; or a function that asks for them whenever they are needed. */
export type Login = Schemas['LoginBody'] | (() => Schemas['LoginBody'] | Promise<Schemas['LoginBody']>);

/** A token that somebody else looks after: an access token (`okt_…`), or a function that is asked for each request. */
export type Token = string | (() => string | Promise<string>);

export interface SessionOptions {
  token?: Token;
  login?: Login;
  storage?: TokenStorage;
}

/** Asks one of the routes of `/api/auth` without a token. */
type Ask = (path: string, body: object) => Promise<Response>;

/** The token is asked for anew so long before its end, in milliseconds. */
const MARGIN = 5_000;

/** Who the caller is. However many requests need another token at once, one asks for it. */
export class Session {
  private tokens: Tokens | undefined;
  private renewing: Promise<string | undefined> | undefined;
  /** Goes up when the login is forgotten: what a renewal of before brings is forgotten, too. */
  private generation = 0;
  /** Of a login that is always the same: asking again would lock the user out. */
  private refused: OpskeepError | undefined;

  constructor(
    private readonly options: SessionOptions,
    private readonly ask: Ask,
    /** Across the tabs of a browser, which share what is stored. */
    private readonly lock: string,
  ) {}

  /** The token to send; undefined where there is none. */
  async token(): Promise<string | undefined> {
    const { token } = this.options;
    if (token !== undefined) return typeof token === 'function' ? token() : token;
    if (this.tokens && Date.now() < this.tokens.expires_at - MARGIN) return this.tokens.access_token;
    return this.renewed(this.tokens?.access_token);
  }

  /** Another token than the one that was refused; undefined where there is no other. */
  async renewed(refused: string | undefined): Promise<string | undefined> {
    const { token } = this.options;
    if (typeof token === 'function') {
      const other = await token();
      return other === refused ? undefined : other;
    }
    if (token !== undefined) return undefined;
    if (this.tokens && this.tokens.access_token !== refused) return this.tokens.access_token;
    return (this.renewing ??= this.renewAlone(refused));
  }

  /** Forgets the login, here and in the storage, and what a renewal that is under way brings. */
  async forget(): Promise<void> {
    this.generation += 1;
    this.renewing = undefined;
    await this.drop();
  }

  private async drop(): Promise<void> {
    this.tokens = undefined;
    await this.options.storage?.save(null);
  }

  private renewAlone(refused: string | undefined): Promise<string | undefined> {
    const { generation } = this;
    const renewing: Promise<string | undefined> = alone(this.lock, () =>
      this.renew(refused, generation),
    ).finally(() => {
      if (this.renewing === renewing) this.renewing = undefined;
    });
    return renewing;
  }

  private async renew(refused: string | undefined, generation: number): Promise<string | undefined> {
    const stored = tokensIn(await this.options.storage?.load()) ?? this.tokens;
    if (generation !== this.generation) return undefined;
    // Another tab or process was sooner.
    if (stored && stored.access_token !== refused && Date.now() < stored.expires_at - MARGIN)
      return (this.tokens = stored).access_token;
    const token = stored && (await this.refresh(stored, generation));
    return token ?? (generation === this.generation ? this.logIn(generation) : undefined);
  }

  /** Undefined when the login is over. */
  private async refresh({ refresh_token }: Tokens, generation: number): Promise<string | undefined> {
    const response = await this.ask('/api/auth/refresh', { refresh_token });
    if (response.ok) return this.keep(response, generation);
    const error = await errorOf(response);
    if (generation !== this.generation) return undefined;
    if (error.status !== 401 && error.status !== 422) throw error;
    await this.drop();
    if (!this.options.login) throw error;
    return undefined;
  }

  private async logIn(generation: number): Promise<string | undefined> {
    const { login } = this.options;
    if (!login) return undefined;
    if (this.refused) throw this.refused;
    const response = await this.ask('/api/auth/login', typeof login === 'function' ? await login() : login);
    if (response.ok) return this.keep(response, generation);
    const error = await errorOf(response);
    if (error.status === 401 && typeof login !== 'function') this.refused = error;
    throw error;
  }

  /** Undefined: the login was forgotten meanwhile. */
  private async keep(response: Response, generation: number): Promise<string | undefined> {
    const { access_token, refresh_token, expires_in } = (await response.json()) as Schemas['TokenAnswer'];
    if (generation !== this.generation) return undefined;
    this.tokens = { access_token, refresh_token, expires_at: Date.now() + expires_in * 1000 };
    await this.options.storage?.save(this.tokens);
    if (generation === this.generation) return access_token;
    // A storage may have done it after what came later.
    await this.options.storage?.save(this.tokens ?? null);
    return undefined;
  }
}

/** What was stored, unless it is something else by now. */
function tokensIn(stored: Tokens | null | undefined): Tokens | undefined {
  const { access_token, refresh_token, expires_at } = { ...stored };
  const isWhole = typeof access_token === 'string' && typeof refresh_token === 'string';
  return isWhole ? { access_token, refresh_token, expires_at: Number(expires_at) } : undefined;
}

/** The Web Locks API, which Node.js has since 24. */
interface Locks {
  request<T>(name: string, run: () => Promise<T>): Promise<T>;
}

/** One at a time among everything that knows the lock, where there are locks. */
function alone<T>(name: string, run: () => Promise<T>): Promise<T> {
  const { locks } = (globalThis as { navigator?: { locks?: Locks } }).navigator ?? {};
  return locks ? locks.request(name, run) : run();
}
