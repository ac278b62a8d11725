/** Thrown where a reading has no pipeline; it never leaves the planner. */
export class CannotWrite extends Error {
  override readonly name = 'CannotWrite';
}
