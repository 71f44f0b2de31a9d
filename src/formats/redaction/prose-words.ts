import { lazily } from './hints.js';

const words = (text: string) => new Set(text.split(' '));

const RADIO = String.raw`(?:wi-?fi|wlan|wpa[23]?|wireless)`;
const DOOR = String.raw`door|gate|alarm|entry|entrance|safe|lock|keypad|garage|elevator|access|tür|tor|eingangs?|zutritts?|tresor|alarmanlagen|haustür`;
/** A word that announces a password, a login, a code of digits, or another secret: a group for each. */
export const ANNOUNCED = lazily(
  () =>
    new RegExp(
      [
        String.raw`(?<!ht|wpa_)pass(?:words?|phrases?|codes?|wd|wort(?:e?s)?|wörter)|pwd|kennw(?:ort(?:e?s)?|örter)|(?<![A-Za-zÀ-ɏ\d])(?:pw|psk|pass)|${RADIO}[ \t-]{0,2}(?:network[ \t])?(?:key|schlüssel)|mot de passe|contraseñas?`,
        String.raw`(?<![A-Za-zÀ-ɏ\d])(?:log(?:ged)?[ -]?ins?|logons?|root|admin(?:istrator)?|ssid|${RADIO}|credentials?|creds|user(?:name)?|benutzer(?:name)?)|zugangsdaten|anmeldedaten|(?<![A-Za-zÀ-ɏ])zugang`,
        String.raw`(?<![A-Za-zÀ-ɏ\d])pin(?:[ -]?codes?)?|(?<![A-Za-zÀ-ɏ\d])(?:${DOOR})[ -]?codes?|(?<![A-Za-zÀ-ɏ\d])codes?`,
        String.raw`api[ -]?key|(?<![A-Za-zÀ-ɏ\d])(?:secret|token)`,
      ]
        .map(one => `(${one})`)
        .join('|')
        .replace(/^/, '(?:')
        .concat(String.raw`)(?![A-Za-zÀ-ɏ\d_-])`),
      'gi',
    ),
);
/** Of which each announcing word holds one. */
export const IN_ANNOUNCED = [
  ...words(
    'pass pwd kennw pw psk wi-fi wifi wlan wpa wireless contrase login log-in logged logon root admin ssid',
  ),
  ...words('credential creds user benutzer zugang anmeldedaten pin code api-key apikey secret token'),
  'log in',
  'api key',
];
export const DOORS = new RegExp(String.raw`(?<![A-Za-zÀ-ɏ])(?:${DOOR})`, 'i');

/** What follows the word when it speaks of something else than the secret. */
export const OTHER_THINGS = words(
  'policy policies manager managers rotation reset resets sync synchronization writeback length strength history complexity expiry expiration hash hashes hashing encryption vault vaults server servers page screen prompt prompts field hint hints list lists file files protection protected safe requirement requirements rule rules generator authentication attempt attempts error errors age caching database app tool portal dialog option settings through rate -richtlinie richtlinie manager-app',
);
/** What says what it is. */
export const SAYS = words(
  'became remains is are was were be now ist sind war waren lautet lautete lauten jetzt nun heißt est es era = -> → => is: are: ist: lautet: now:',
);
/** What says to what it was changed, where something was changed. */
export const CHANGES = words('to as als');
export const CHANGED = lazily(
  () =>
    /(?<!\p{L})(?:re-?)?(?:set|sets|setting|chang(?:e|ed|es|ing)|updat(?:e|ed|ing)|rotat(?:e|ed|ing)|made|make|switch(?:ed)?|geändert|ändern|ändere|gesetzt|setze|setzen)(?!\p{L})/iu,
);
/** These stand before machines and places, too. */
export const ON = words('auf in into zu with mit by durch key schlüssel');
/** May stand between what says it and the secret. */
export const FILLERS = words(
  'now currently still again always just simply set changed reset updated temporarily here the same jetzt nun aktuell derzeit noch wieder immer weiterhin einfach to',
);
export const JOINS = words('and or but then so because since while when if und oder aber dann weil wenn');
/** Before a colon they say whose it is, or of what it is said. */
export const BELONGS = words(
  'for of on at to from the a our my their his her this that guest von vom für fürs zum zur der des dem im am beim unser unserem pour de para',
);
/** What does not stand before the colon behind which a secret follows. */
export const LABELS = words(
  'user: username: account: host: hostname: server: for: on: of: by: at: ticket: see: client: site: name: email: e-mail: mail: id: url: link: error: note: reason: für: von: benutzer: kunde:',
);
/** Before the announcing word, that what stands before is the secret: "use X as the new password". */
export const AS =
  /[ \t]{1,4}(?:as|als|is|was|ist|war)[ \t]{1,4}(?:(?:now|the|a|an|our|my|his|her|their|new|old|current|temporary|temp|initial|default|admin|root|local|wi-?fi|das|ein|neues|altes|aktuelles|neue|jetzt)[ \t]{1,4}){0,4}$/i;
