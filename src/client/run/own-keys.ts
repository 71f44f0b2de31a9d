import { OWN_VARIABLES } from '../environment.js';

/** What opens vaults and servers for us: no program that we start gets it, whoever sets it. */
const OWN_KEYS = new Set([
  ...Object.entries(OWN_VARIABLES).flatMap(([name, { isKey }]) => (isKey ? [name] : [])),
  // Settings of the server (test/client/own-keys.test.ts compares them), and files that hold one.
  ...withFiles(
    'API_KEY_MASTER_KEY',
    'API_KEY_MASTER_KEY_NEXT',
    'API_KEY_MASTER_KEY_PREVIOUS',
    'KEYSTORE_DATABASE_URL',
    'OPSKEEP_ADMIN_PASSWORD',
  ),
]);

/** Keys of ours whose names other programs use, too. */
const SHARED = new Set(withFiles('JWT_SECRET_KEY', 'METRICS_TOKEN', 'ENCRYPTION_KEY'));

function withFiles(...names: string[]): string[] {
  return names.flatMap(name => [name, `${name}_FILE`]);
}

/** Windows takes names in either case. */
export const isOwnKey = (name: string) => OWN_KEYS.has(name.toUpperCase());

/**
 * Whether a variable of our own environment may be a key of ours under a name that other programs use, too: as it is it is
 * not passed on, as a reference or from a file that was named for the program it is. A DATABASE_URL is the server's where
 * that of its keys stands beside it.
 */
export function isSharedKey(name: string, beside: ReadonlyMap<string, string>): boolean {
  const upper = name.toUpperCase();
  return SHARED.has(upper) || (upper === 'DATABASE_URL' && beside.has('KEYSTORE_DATABASE_URL'));
}

/** What decides how programs are found and loaded, what they run, or where they write. */
const LOADING = new RegExp(
  `^(?:${[
    ...[
      '(?:LD|DYLD|GIT|NPM_CONFIG|LUA|CORECLR|COR)_.*',
      'BASH_FUNC.*',
      'PYTHON(?!_).*',
      'PERL5.*',
      'RUBY(?:LIB|OPT)',
    ],
    ...['PATH', 'PATHEXT', 'PSMODULEPATH', 'COMSPEC', 'SYSTEMROOT', 'HOME', 'USERPROFILE', 'SHELL', 'TMPDIR'],
    ...['ENV', 'IFS', 'CDPATH', 'ZDOTDIR', 'BASH_ENV', 'BASHOPTS', 'SHELLOPTS', 'PROMPT_COMMAND', 'PS[0-4]'],
    ...[
      'NODE_(?:OPTIONS|PATH|EXTRA_CA_CERTS|REPL_EXTERNAL_MODULE)',
      'PHPRC',
      'PHP_INI_SCAN_DIR',
      'CLASSPATH',
    ],
    ...[
      '_?JAVA_(?:TOOL_)?OPTIONS',
      'JDK_JAVA_OPTIONS',
      '(?:MAVEN|GRADLE)_OPTS',
      'MAKEFLAGS',
      'DOTNET_STARTUP_HOOKS',
    ],
    ...[
      'CARGO_(?:HOME|BUILD_.*|TARGET_.*)',
      'RUSTC(?:_.*)?',
      'GEM_(?:HOME|PATH)',
      'BUNDLE_GEMFILE',
      'SSH_ASKPASS',
    ],
    ...['OPENSSL_(?:CONF|MODULES|ENGINES)', 'XDG_(?:CONFIG|DATA)_.*', 'GCONV_PATH', 'LOCPATH', 'NLSPATH'],
    ...['EDITOR', 'VISUAL', 'PAGER', 'MANPAGER', 'BROWSER', 'LESS(?:OPEN|CLOSE)'],
  ].join('|')})$`,
);

/** Windows takes names in either case; elsewhere another case is another variable. */
export const isAboutLoading = (name: string, platform = process.platform) =>
  LOADING.test(platform === 'win32' ? name.toUpperCase() : name);
