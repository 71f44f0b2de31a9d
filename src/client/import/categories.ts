/** What a session was about. */
export type Category = 'msp' | 'development' | 'general';

/** Words and what one of them weighs; a session counts a word once for each text that has it. */
const WORDS: Record<Exclude<Category, 'general'>, [RegExp, number][]> = {
  msp: [
    [
      /\b(?:firewall|vpn|ipsec|vlan|dhcp|dns record|switch port|access point|wi-?fi|fortigate|sophos|unifi|meraki|mikrotik)\b/i,
      2,
    ],
    [
      /\b(?:active directory|domain controller|group policy|gpo|exchange online|m365|microsoft 365|office 365|entra|intune|sharepoint|outlook)\b/i,
      3,
    ],
    [/\b(?:ticket|technician|helpdesk|msp|rmm|psa|client site|on-?site|billable)\b/i, 3],
    [/\b(?:backup|restore|veeam|nas|printer|scanner|workstation|laptop|server room|ups|patch day)\b/i, 1],
    [/\b(?:powershell|rdp|remote desktop|hyper-v|vmware|esxi)\b/i, 1],
  ],
  development: [
    [
      /\b(?:unit test|test suite|refactor|compile|typescript|python|rust|javascript|java|golang|npm|cargo|pip)\b/i,
      2,
    ],
    [/\b(?:git (?:commit|rebase|merge|push)|pull request|branch|merge conflict|ci pipeline)\b/i, 2],
    [/\b(?:function|class|interface|method|api endpoint|schema|migration|stack trace|exception)\b/i, 1],
    [/(?:^|[\s(`'"])[\w./-]+\.(?:tsx?|jsx?|mjs|py|rs|go|java|cs|cpp|sql)\b/i, 2],
  ],
};
/** Less than this is about nothing in particular. */
const LEAST = 3;

/** Finds out what texts are about as they come. */
export class Categories {
  private readonly scores = { msp: 0, development: 0 };

  add(text: string): void {
    const start = text.slice(0, 8_000);
    for (const kind of ['msp', 'development'] as const)
      for (const [word, weight] of WORDS[kind]) if (word.test(start)) this.scores[kind] += weight;
  }

  get category(): Category {
    const { msp, development } = this.scores;
    if (Math.max(msp, development) < LEAST) return 'general';
    return msp >= development ? 'msp' : 'development';
  }
}
