/** The sealed trail is not what it has to be: nothing is signed on top of it. */
export class TrailError extends Error {
  override readonly name = 'TrailError';
}
