/** Whether a proof runs wholly (`npm run proof`), and not as a part of all tests. */
export const isWhole = process.env.OPSKEEP_PROOF === 'whole';

/** How many of something a proof tries: `few` among all tests, `many` by command, or what the command says. */
export function proofSize(few: number, many: number): number {
  if (!isWhole) return few;
  return Number(process.env.OPSKEEP_PROOF_SIZE ?? many);
}
