import { printNotice } from '../../cli/output.js';
import { LocalVault } from '../local-vault.js';

/** A line from the terminal without echo. What it takes is loaded for those alone who are asked. */
const ask = async (question: string) => (await import('../../cli/secret-input.js')).askHidden(question);

/** The vault that commands work on. */
export const openedVault = () => new LocalVault({ ask, warn: printNotice });
