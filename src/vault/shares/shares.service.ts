import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Passwords } from '../../core/access/factors/passwords.js';
import { Audit } from '../../core/audit/audit.service.js';
import { AppSettings } from '../../core/config/settings.js';
import {
  AuthorizationError,
  ConflictError,
  NotFoundError,
  ValidationError,
} from '../../core/context/errors.js';
import { namesCredential } from '../../core/context/actor.js';
import { currentActor } from '../../core/context/request-context.js';
import { asksForApproval } from '../../core/access/reveal-policy.js';
import { LinkSeals } from '../../core/crypto/link-seals.js';
import { Plaintext } from '../../core/crypto/plaintext.js';
import { sealsIn } from '../../core/crypto/sealed-places.js';
import { newId } from '../../core/database/new-id.js';
import { Units } from '../../core/database/units.js';
import { encodeMoment, momentIn, now } from '../../core/database/values.js';
import { Rows, type Where } from '../../core/table/rows.js';
import { missingCredential } from '../credentials/credential-errors.js';
import { CredentialReader, type ReadCredential } from '../credentials/credential-reader.js';
import { Credential } from '../credentials/credential.entity.js';
import { disclose } from '../credentials/reveal/opened-secrets.js';
import { credentialFact, Opening } from '../credentials/reveal/opening.service.js';
import { normalized } from '../../formats/normalized.js';
import { NEVER_SHOWN } from '../../formats/credential-types.js';
import { keyOwner } from '../credentials/secrets/credential-secrets.service.js';
import { CredentialShare } from './credential-share.entity.js';
import { ShareStanding } from './share-standing.service.js';
import { DAY_SECONDS, type MadeShare, type ShareAnswer, type ShareBody } from './share.bodies.js';

const TOKEN_BYTES = 16;
/** Open links of one credential. */
const MOST_OPEN = 50;
const MOST_LISTED = 200;

export const placeOfShare = (id: string) => ({
  table: 'credential_shares',
  row_id: id,
  field: 'sealed',
  version: 1,
});
sealsIn({
  table: 'credential_shares',
  column: 'sealed',
  needs: [],
  place: row => placeOfShare(String(row.id)),
});

/** What the table knows a token by. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Links that open secrets of a credential without a login: made by who may reveal them, listed and revoked. */
@Injectable()
export class SharesService {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly audit: Audit,
    private readonly settings: AppSettings,
    private readonly passwords: Passwords,
    private readonly seals: LinkSeals,
    private readonly reader: CredentialReader,
    private readonly opening: Opening,
    private readonly standing: ShareStanding,
  ) {}

  /** The secrets are opened as for any reveal: right, policy, entry. What the link opens is a copy of them. */
  async make(id: string, body: ShareBody): Promise<MadeShare> {
    const one = await this.visible(id);
    await this.requireSharer(one);
    const address = this.address();
    const { views = 1, expires_in = DAY_SECONDS, passphrase } = body;
    const fields = this.fieldsOf(one, body.fields);
    const share = { id: newId(), views, expires_at: momentIn(expires_in * 1000) };
    const passphrase_hash = passphrase === undefined ? null : await this.passwords.hash(normal(passphrase));
    const opened = await this.opening.open(one, {
      action: 'credential.reveal',
      reason: body.reason,
      only: field => fields.includes(field),
      details: {
        share_id: share.id,
        views,
        expires_at: share.expires_at,
        has_passphrase: passphrase_hash !== null,
      },
    });
    const { service_name, username, external_url } = one.credential;
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const text = JSON.stringify({ service_name, username, external_url, secrets: disclose(opened) });
    const place = placeOfShare(share.id);
    const { key, sealed } = await this.seals.seal(keyOwner(one.credential), place, token, Plaintext.of(text));
    await this.units.run(async () => {
      // It may have become stricter, or be out of use, since the secrets were opened.
      await this.requireSharer(await this.visible(id));
      await this.clear(id);
      await this.rows.insert(CredentialShare, {
        ...share,
        credential_id: id,
        created_by: currentActor().id,
        token_hash: tokenHash(token),
        sealed,
        passphrase_hash,
        fields,
        views_left: views,
        failures: 0,
        ends_with_rotation: body.ends_with_rotation ?? true,
        created_at: now(),
      });
      this.audit.record(credentialFact(one.credential, 'credential.share', { share_id: share.id, fields }));
    });
    return { ...share, url: `${address}/share#${token}.${key}` };
  }

  /** Newest first: for who manages the credential all of them, for others their own. */
  async list(id: string): Promise<ShareAnswer[]> {
    const { right } = await this.visible(id);
    const own = right.level === 'manage' ? {} : { created_by: currentActor().id };
    const where = { credential_id: id, ...own };
    const found = await this.rows.find(CredentialShare, where, { order: 'id DESC', limit: MOST_LISTED });
    return found.map(answerOf);
  }

  async revoke(id: string, share_id: string): Promise<void> {
    const { right } = await this.visible(id);
    if (!namesCredential(currentActor(), id))
      throw new AuthorizationError('This access token does not name the credential', {
        resource_type: 'Credential',
        resource_id: id,
      });
    await this.units.run(async () => {
      const share = await this.rows.findOne(CredentialShare, { id: share_id, credential_id: id });
      const isOwn = share?.created_by === currentActor().id;
      if (!share || !(isOwn || right.level === 'manage'))
        throw new NotFoundError('The link was not found', {
          resource_type: 'CredentialShare',
          resource_id: share_id,
        });
      if (share.revoked_at === null) await this.end({ id: share_id }, 'by hand');
    });
  }

  /** In the running unit: those that are open end, and nothing of their secrets stays. @returns how many ended */
  async end(which: Where<CredentialShare>, revoked_because: string): Promise<number> {
    const open = await this.open(which);
    for (const { id, credential_id } of open) {
      await this.rows.update(CredentialShare, { id }, { revoked_at: now(), revoked_because, sealed: null });
      const credential = await this.rows.findOne(Credential, { id: credential_id });
      if (!credential) continue;
      const details = { share_id: id, because: revoked_because };
      this.audit.record(credentialFact(credential, 'credential.share_revoke', details));
    }
    return open.length;
  }

  async open(which: Where<CredentialShare>): Promise<CredentialShare[]> {
    return (await this.rows.find(CredentialShare, { ...which, revoked_at: null })).filter(isOpen);
  }

  /** What is over keeps no secrets; and no credential has links without end. */
  private async clear(credential_id: string): Promise<void> {
    await this.units.sql.change(
      'UPDATE credential_shares SET sealed = NULL WHERE credential_id = ? AND expires_at <= ? AND sealed IS NOT NULL',
      [credential_id, encodeMoment(now())],
    );
    if ((await this.open({ credential_id })).length >= MOST_OPEN)
      throw new ConflictError(`A credential has at most ${MOST_OPEN} open links; revoke some`, {
        resource_type: 'Credential',
        resource_id: credential_id,
      });
  }

  private async requireSharer({ credential, right, policy, isBroken }: ReadCredential): Promise<void> {
    const actor = currentActor();
    const about = { resource_type: 'Credential', resource_id: credential.id };
    const refuse = (message: string, more = {}) => new AuthorizationError(message, { ...about, ...more });
    if (actor.token) throw refuse('An access token makes no links: log in for that');
    if (!actor.scopes.has('msp:read'))
      throw refuse('Sharing needs the scope msp:read', { scope: 'msp:read' });
    if (isBroken) throw refuse('A right by break-glass makes no links');
    if (asksForApproval(policy))
      throw refuse('Where a second person approves each reveal there are no links', { policy: 'approval' });
    const lost = right.level === 'view' ? undefined : await this.standing.lostBy(actor.id, credential);
    if (lost) throw new ConflictError(`A link would open nothing: ${lost}`, about);
  }

  /** A browser opens secrets in a secure context alone (W3C, Secure Contexts): https, or the same machine. */
  private address(): string {
    const { PUBLIC_URL } = this.settings;
    const { protocol, hostname } = new URL(PUBLIC_URL);
    const isSecure = protocol === 'https:' || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
    if (!isSecure)
      throw new ConflictError(
        'Links need https: set PUBLIC_URL to the address at which people reach this server by it',
      );
    return PUBLIC_URL.replace(/\/+$/, '');
  }

  private fieldsOf({ sealed }: ReadCredential, asked?: string[]): string[] {
    const set = sealed.map(one => one.field).filter(field => field !== NEVER_SHOWN);
    const missing = asked?.find(field => !set.includes(field));
    if (missing !== undefined || set.length === 0)
      throw ValidationError.of('fields', 'must name secrets that this credential has', 'fields');
    return asked ?? set;
  }

  private async visible(id: string): Promise<ReadCredential> {
    const one = (await this.reader.read([id])).get(id);
    if (!one) throw missingCredential(id);
    return one;
  }
}

/** As it is compared: the same letters, however they were typed. */
export const normal = (passphrase: string): string => normalized(passphrase, 'NFC');

export function isOpen({ revoked_at, views_left, expires_at, sealed }: CredentialShare): boolean {
  return revoked_at === null && sealed !== null && views_left > 0 && Date.parse(expires_at) > Date.now();
}

function answerOf(share: CredentialShare): ShareAnswer {
  const {
    sealed: _sealed,
    token_hash: _hash,
    failures: _failures,
    passphrase_hash,
    credential_id: _of,
    ...rest
  } = share;
  return { ...rest, has_passphrase: passphrase_hash !== null, is_open: isOpen(share) };
}
