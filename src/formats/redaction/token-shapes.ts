import { lazily } from './hints.js';
import { marker } from './marker.js';

interface Shape {
  kind: string;
  /** What a text must hold to be looked at more closely. */
  hint: string;
  pattern: () => RegExp;
}

/**
 * A shape begins with letters that nothing else begins with and ends with a greedy run: it never goes back over what
 * it has read, so that a text of any content is read in linear time.
 */
function shape(kind: string, hint: string, pattern: string): Shape {
  return { kind, hint, pattern: lazily(() => new RegExp(`(?<![A-Za-z0-9_-])${pattern}`, 'g')) };
}

/** Where vendors publish what their tokens look like, that; lengths are lower bounds. */
const SHAPES: Shape[] = [
  shape('opskeep_token', 'okt_', 'okt_[A-Za-z0-9_-]{12,}'),
  shape('jwt', 'eyJ', String.raw`eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){1,3}`),
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map(one => shape('aws_key', one, `${one}[A-Z2-7]{16}(?![A-Za-z0-9])`)),
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'].map(one =>
    shape('github_token', one, `${one}[A-Za-z0-9_]{20,}`),
  ),
  ...['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glsoat-', 'glagent-'].map(one =>
    shape('gitlab_token', one, `${one}[A-Za-z0-9_.-]{16,}`),
  ),
  shape('slack_token', 'xox', String.raw`xox[a-z]-[A-Za-z0-9-]{8,}`),
  shape('slack_token', 'xoxe.', String.raw`xoxe\.xox[bp]-[A-Za-z0-9-]{8,}`),
  shape('slack_token', 'xapp-', 'xapp-[A-Za-z0-9-]{8,}'),
  ...['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'].map(one =>
    shape('stripe_key', one, `${one}[A-Za-z0-9+/=]{10,}`),
  ),
  shape('google_key', 'AIza', 'AIza[A-Za-z0-9_-]{30,}'),
  shape('google_key', 'GOCSPX-', 'GOCSPX-[A-Za-z0-9_-]{20,}'),
  shape('google_key', 'ya29.', String.raw`ya29\.[A-Za-z0-9_-]{20,}`),
  shape('azure_secret', 'Q~', String.raw`[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{30,}`),
  shape('api_key', 'sk-', 'sk-(?=[A-Za-z_-]{0,40}[0-9])[A-Za-z0-9_-]{20,}'),
  shape('api_key', 'SG.', String.raw`SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}`),
  shape('api_key', 'SK', 'SK[0-9a-f]{32}(?![A-Za-z0-9])'),
  shape('api_key', 'key-', 'key-[0-9a-f]{32}(?![A-Za-z0-9])'),
  shape('api_key', '_v1_', 'do[opr]_v1_[0-9a-f]{40,}'),
  shape('api_key', 'dapi', 'dapi[0-9a-f]{32}'),
  shape('api_key', 'shp', 'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}'),
  shape('api_key', 'tskey-', 'tskey-[a-z]{2,12}-[A-Za-z0-9-]{10,}'),
  shape('api_key', 'lin_api_', 'lin_api_[A-Za-z0-9]{20,}'),
  shape('api_key', 'ATATT3', 'ATATT3[A-Za-z0-9_=-]{20,}'),
  shape('api_key', 'npm_', 'npm_[A-Za-z0-9]{30,}'),
  shape('api_key', 'pypi-', 'pypi-[A-Za-z0-9_-]{40,}'),
  shape('api_key', 'hf_', 'hf_[A-Za-z0-9]{30,}'),
  ...['hvs.', 'hvb.', 'hvr.'].map(one => shape('api_key', one, `${one.replace('.', '\\.')}[A-Za-z0-9_-]{20,}`)),
  shape('api_key', 'dp.', String.raw`dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{20,}`),
  shape('api_key', ':AA', '[0-9]{8,10}:AA[A-Za-z0-9_-]{32,}'),
  // BitLocker's recovery password: eight groups of six digits.
  shape('recovery_key', '-', '[0-9]{6}(?:-[0-9]{6}){7}(?![A-Za-z0-9_-])'),
  shape('private_key', 'AGE-SECRET-KEY-', 'AGE-SECRET-KEY-1[0-9A-Z]{50,}'),
]; // prettier-ignore

/** Addresses that are secrets themselves: whoever knows them posts. */
const HOOKS: [hint: string, pattern: RegExp][] = [
  ['hooks.slack.com/', /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[A-Za-z0-9/_-]{16,}/g],
  ['/api/webhooks/', /(discord(?:app)?\.com\/api\/webhooks\/[0-9]{5,25}\/)[A-Za-z0-9_-]{16,}/g],
  ['/webhookb2/', /((?:webhook\.office|office)\.com\/webhookb2\/)[A-Za-z0-9@/_-]{16,}/g],
];

/** Masks what has the shape of a token, wherever it stands. */
export function maskTokens(text: string): string {
  let masked = text;
  for (const { kind, hint, pattern } of SHAPES)
    if (masked.includes(hint)) masked = masked.replace(pattern(), marker(kind));
  for (const [hint, pattern] of HOOKS)
    if (masked.includes(hint)) masked = masked.replace(pattern, `$1${marker('webhook')}`);
  return masked;
}
