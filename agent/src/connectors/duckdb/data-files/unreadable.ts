/** Why a file cannot be asked. Both sentences are for the user; neither holds a value of the file. */
export class UnreadableFile extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
