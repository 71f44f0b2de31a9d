import { currentContext } from '../../core/context/request-context.js';
import type { Credential } from '../credentials/credential.entity.js';
import type { DisclosedSecrets } from '../credentials/reveal/opened-secrets.js';
import type { SecretVersion } from '../credentials/secrets/credential-secrets.service.js';

/** What the protocol puts around every answer; there are no leases. */
export function answerOf<T extends object>(data: T) {
  const { request_id } = currentContext() ?? {};
  const lease = { lease_id: '', renewable: false, lease_duration: 0 };
  return { request_id, ...lease, data, wrap_info: null, warnings: null, auth: null, mount_type: 'kv' };
}

/** A secret as it stood at a version. */
export function secretOf(credential: Credential, secrets: DisclosedSecrets, version: number, at: string) {
  const { username, external_url, internal_url, custom_port } = credential;
  const about = Object.entries({ username, external_url, internal_url, custom_port });
  const shown = Object.fromEntries(about.filter(([, value]) => value !== null));
  return {
    data: { ...shown, ...secrets },
    metadata: { ...versionOf(at), custom_metadata: customOf(credential), version },
  };
}

/** What is known of a secret without opening it. */
export function metadataOf(credential: Credential, versions: SecretVersion[]) {
  return {
    cas_required: false,
    created_time: credential.created_at,
    current_version: credential.secret_version,
    custom_metadata: customOf(credential),
    delete_version_after: '0s',
    max_versions: 0,
    oldest_version: versions.at(-1)?.version ?? 0,
    updated_time: credential.updated_at,
    versions: Object.fromEntries(
      versions.map(({ version, created_at }) => [String(version), versionOf(created_at)]),
    ),
  };
}

/** Versions are never deleted. */
const versionOf = (created_time: string) => ({ created_time, deletion_time: '', destroyed: false });

/** The protocol knows texts alone. */
function customOf(credential: Credential): Record<string, string> {
  const { id, client_id, name, service_name, credential_type, expires_at } = credential;
  const about = Object.entries({ id, client_id, name, service_name, credential_type, expires_at });
  return Object.fromEntries(about.filter((one): one is [string, string] => one[1] !== null));
}

/** The one mount, as clients ask for it to learn that it is of version 2. */
export const MOUNT = {
  accessor: 'kv_opskeep',
  config: { default_lease_ttl: 0, force_no_cache: false, max_lease_ttl: 0 },
  description: 'The credentials of Opskeep, read only',
  external_entropy_access: false,
  local: false,
  options: { version: '2' },
  path: 'secret/',
  seal_wrap: false,
  type: 'kv',
};
