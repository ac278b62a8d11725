/**
 * Thrown where a question cannot be read this way on this schema. Readings are tried one after the
 * other, so this is no failure of the program; it never leaves the planner.
 */
export class CannotRead extends Error {
  override readonly name = 'CannotRead';
  /** What the asker may choose from, where the trouble is that there are several readings. */
  readonly choices: readonly string[];

  constructor(reason: string, choices: readonly string[] = []) {
    super(reason);
    this.choices = choices;
  }
}
