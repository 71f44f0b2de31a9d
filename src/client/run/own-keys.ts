/** What opens vaults and servers for us: no program that we start gets it, whoever sets it. */
const OWN_KEYS = new Set([
  'FPAI_CREDENTIALS_KEY',
  'OPSKEEP_VAULT_KEY_FILE',
  'OPSKEEP_TOKEN',
  'CREDENTIALS_MANAGER_TOKEN',
  'API_KEY_MASTER_KEY',
  'API_KEY_MASTER_KEY_NEXT',
  'OPSKEEP_ADMIN_PASSWORD',
]);

/** Windows takes names in either case. */
export const isOwnKey = (name: string) => OWN_KEYS.has(name.toUpperCase());

/** What decides how programs are found and loaded, or where they write: no entry of a vault sets it by chance. */
const LOADING =
  /^(?:LD_|DYLD_|GIT_|NPM_CONFIG_|BASH_FUNC|(?:PATH|HOME|SHELL|ENV|IFS|BASH_ENV|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|PS4|TMPDIR|NODE_OPTIONS|NODE_PATH|NODE_EXTRA_CA_CERTS|PYTHONPATH|PYTHONSTARTUP|PYTHONHOME|PERL5LIB|PERL5OPT|RUBYLIB|RUBYOPT|JAVA_TOOL_OPTIONS|USERPROFILE|COMSPEC)$)/;

export const isAboutLoading = (name: string) => LOADING.test(name);
