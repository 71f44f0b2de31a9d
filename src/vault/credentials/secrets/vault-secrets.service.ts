import { Injectable } from '@nestjs/common';
import { Audit } from '../../../core/audit/audit.service.js';
import { type Actor, administersAll } from '../../../core/context/actor.js';
import { currentActor } from '../../../core/context/request-context.js';
import { Sealer } from '../../../core/crypto/sealer.js';
import { inParts, placeholders } from '../../../core/database/sql.js';
import { Units } from '../../../core/database/units.js';
import { EventBus } from '../../../core/events/events.js';
import { KnownSecrets, type Mask } from '../../../core/redaction/known-secrets.js';
import { resourceOf } from '../../../core/resource/resource.js';
import { clientRestriction } from '../../../core/resource/restriction.js';
import { allOf, type Clause } from '../../../core/table/clause.js';
import { nextTurn, turnIsOver } from '../../../core/workers/turns.js';
import { candidatesIn, isHardToGuess, MOST_CANDIDATES } from '../../../formats/redaction/candidates.js';
import { looksMadeUp } from '../../../formats/redaction/guessing/guess.js';
import { maskingOf } from '../../../formats/redaction/known-values.js';
import { isStrongWord } from '../../../formats/redaction/prose-values.js';
// The type of the event is declared there.
import type {} from '../../vault-events.js';
import { Credential } from '../credential.entity.js';
import { revealable } from '../revealable.js';
import { privateContext, SHARED_CONTEXT } from './credential-secrets.service.js';
import { SharedCounts } from '../../../core/http/limits/shared-counts.js';
import { Guesses } from './guesses.js';

/** Candidates whose fingerprints are made at once: about two milliseconds. */
const PART = 500;
/** Of secrets that a user may reveal, the newest are compared with what can be guessed. */
const MOST_COMPARED = 5_000;
/** In which guesses are compared with those before. */
const GUESS_CONTEXT = 'guess';
/** Masked secrets of one look that have an entry of their own. */
const MOST_ENTRIES = 50;

interface Found {
  fingerprint: string;
  id: string;
  client_id: string | null;
  service_name: string;
  /** Of a private one; null of what is shared. */
  owner_id: string | null;
}

const FOUND =
  'SELECT s.fingerprint, credentials.id, credentials.client_id, credentials.service_name, ' +
  "CASE WHEN credentials.client_id IS NULL AND credentials.visibility = 'private' THEN credentials.owner_id END AS owner_id " +
  'FROM credential_secrets s JOIN credentials ON credentials.id = s.credential_id';

/** What is written, by how it may be compared. */
interface Written {
  /** With secrets of everybody, for nobody comes to these by guessing. */
  hard: string[];
  /** With what the writer may reveal just so. */
  guessable: string[];
  /** Not at all: further guesses of an access token. */
  beyond: string[];
}

/**
 * Masks the secrets of credentials, present and past, in texts: by their fingerprints, so that none is opened.
 *
 * That a word was masked says that it is a secret. So what can be guessed is compared with the secrets alone that the
 * writer may reveal just so; what cannot (`isHardToGuess`) with those of every client, since whoever writes it has it
 * already. An access token may reveal less than its user: what it writes is compared with his secrets where it looks like
 * a password, and only so much of it in an hour, so that who finds a token tries no passwords with it; what comes beyond
 * that is masked where it looks like one, whether it is or not. Private credentials of others are compared with nothing,
 * as ever. Each masked secret is on the trail.
 */
@Injectable()
export class VaultSecrets extends KnownSecrets {
  private readonly guesses: Guesses;

  constructor(
    private readonly units: Units,
    private readonly audit: Audit,
    private readonly sealer: Sealer,
    private readonly events: EventBus,
    counts: SharedCounts,
  ) {
    super();
    this.guesses = new Guesses(counts);
  }

  /** @param of the id of a credential, whose secrets alone are looked for */
  override async maskFor(texts: Iterable<string>, of?: string): Promise<Mask | undefined> {
    const candidates = new Set<string>();
    for (const text of texts) {
      if (turnIsOver()) await nextTurn();
      candidatesIn(text, candidates);
      if (candidates.size >= MOST_CANDIDATES) break;
    }
    if (candidates.size === 0) return undefined;
    const byFingerprint = new Map<string, string>();
    const written = await this.sorted(candidates);
    // Before the first statement of a unit a look must not begin it: others would wait for what comes after.
    const look = () => this.find(written, byFingerprint, of);
    const found = await (this.units.hasBegun ? look() : this.units.outside(look));
    const kinds = new Map(written.beyond.filter(isStrongWord).map(one => [one, 'password']));
    for (const { fingerprint } of found) kinds.set(byFingerprint.get(fingerprint) ?? '', 'vault');
    if (found.length > 0) await this.record(found);
    return kinds.size === 0 ? undefined : maskingOf(kinds);
  }

  private async sorted(candidates: Iterable<string>): Promise<Written> {
    const { id: actor_id, name: actor_name, token } = currentActor();
    const written: Written = { hard: [], guessable: [], beyond: [] };
    for (const one of candidates) {
      if (turnIsOver()) await nextTurn();
      if (isHardToGuess(one)) written.hard.push(one);
      else if (!token || looksMadeUp(one)) written.guessable.push(one);
    }
    if (!token) return written;
    const byFingerprint = new Map<string, string>();
    await this.fingerprints([GUESS_CONTEXT], written.guessable, byFingerprint);
    const { admitted, beyond } = this.guesses.admit(actor_id, byFingerprint);
    if (beyond.length > 0)
      this.events.announce('vault.many_guesses', { actor_id, actor_name, token_name: token.name });
    return { ...written, guessable: admitted, beyond };
  }

  private async find(
    { hard, guessable }: Written,
    byFingerprint: Map<string, string>,
    of: string | undefined,
  ): Promise<Found[]> {
    const actor = currentActor();
    const contexts = [SHARED_CONTEXT, privateContext(actor.id)];
    const among = of === undefined ? [] : [{ sql: 'credentials.id = ?', values: [of] }];
    const found = await this.equal(await this.fingerprints(contexts, hard, byFingerprint), ...among);
    const open = allOf([openTo(actor), ...among]);
    if (administersAll(actor))
      found.push(...(await this.equal(await this.fingerprints(contexts, guessable, byFingerprint), open)));
    else found.push(...(await this.compare([...hard, ...guessable], contexts, open, byFingerprint)));
    return found;
  }

  /** Found by the index. */
  private async equal(fingerprints: readonly string[], open?: Clause): Promise<Found[]> {
    const found: Found[] = [];
    for (const part of inParts([...fingerprints])) {
      const { sql, values } = open ?? { sql: '1 = 1', values: [] };
      const text = `${FOUND} WHERE s.fingerprint IN (${placeholders(part.length)}) AND ${sql}`;
      found.push(...(await this.units.sql.select<Found>(text, [...part, ...values])));
    }
    return found;
  }

  /** Reads what the writer may reveal, whatever is written, and compares here: the time tells nothing of other secrets. */
  private async compare(
    candidates: readonly string[],
    contexts: readonly string[],
    open: Clause,
    byFingerprint: Map<string, string>,
  ): Promise<Found[]> {
    const text =
      `${FOUND} WHERE s.fingerprint IS NOT NULL AND ${open.sql} ` +
      `ORDER BY credentials.id DESC LIMIT ${MOST_COMPARED}`;
    const revealed = await this.units.sql.select<Found>(text, open.values);
    if (revealed.length === 0 || candidates.length === 0) return [];
    // Private ones of others, of which the writer has a grant, are compared among those of their owners.
    const owners = new Set(
      revealed.flatMap(one => (one.owner_id === null ? [] : [privateContext(one.owner_id)])),
    );
    const all = [...new Set([...contexts, ...owners])];
    const made = new Set(await this.fingerprints(all, candidates, byFingerprint));
    return revealed.filter(one => made.has(one.fingerprint));
  }

  private async fingerprints(
    contexts: readonly string[],
    values: readonly string[],
    byFingerprint: Map<string, string>,
  ): Promise<string[]> {
    const all: string[] = [];
    for (const context of contexts)
      for (const part of inParts([...values], PART)) {
        if (turnIsOver()) await nextTurn();
        const made = await this.sealer.blindIndexes(context, part);
        made.forEach((fingerprint, n) => byFingerprint.set(fingerprint, part[n] ?? ''));
        all.push(...made);
      }
    return all;
  }

  private async record(found: readonly Found[]): Promise<void> {
    const credentials = new Map(found.map(one => [one.id, one]));
    const facts = [...credentials.values()].slice(0, MOST_ENTRIES).map(({ id, client_id, service_name }) => ({
      action: 'credential.mask',
      resource_type: 'credential',
      resource_id: id,
      client_id,
      name: service_name,
      details: credentials.size > MOST_ENTRIES ? { masked_together: credentials.size } : {},
    }));
    await this.audit.recordRead(...facts);
  }
}

/** What the user may reveal just so, in whichever way he is here: the memory is written with access tokens. */
function openTo({ token: _token, ...user }: Actor): Clause {
  const seen = clientRestriction(resourceOf(Credential), user);
  return allOf([...(seen ? [seen] : []), revealable(user)]);
}
