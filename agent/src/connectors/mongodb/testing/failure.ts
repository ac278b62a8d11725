/** An error as the server reports it, with its code. https://www.mongodb.com/docs/manual/reference/error-codes/ */
export class Failure extends Error {
  readonly code: number;
  readonly codeName: string;

  constructor(code: number, codeName: string, message: string) {
    super(message);
    this.code = code;
    this.codeName = codeName;
  }
}
