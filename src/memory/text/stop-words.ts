/**
 * English words that say nothing about what a text is about: the list of the Snowball project's English stemmer, without
 * the words that turn a statement round (`no`, `not`, `nor`) or tell an order (`before`, `after`, `once`), and with those
 * that a question is asked by.
 */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `i me my myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it
  its itself they them their theirs themselves what which who whom whose this that these those am is are was were be been
  being have has had having do does did doing would should could ought will shall can may might must a an the and but if
  or because as until while of at by for with about between into through during to from in on further then here there
  when where why how all any both each few other some such only own so than too very just also again please tell show
  give got get let let's ve ll re don didn doesn isn wasn weren won`.split(/\s+/),
);

/**
 * Words by which people keep a talk going: in a question they ask for nothing. A prompt of these alone is no question.
 */
export const SMALL_TALK: ReadonlySet<string> = new Set(
  `thank thanks thx ok okay yes yeah yep nope hello hi hey bye good morning evening night great perfect nice cool fine sure
  look looks right correct ahead continue go done undo stop wait sorry welcome very much lol try one`.split(
    /\s+/,
  ),
);
