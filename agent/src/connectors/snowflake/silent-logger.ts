/** What the driver takes for its logger: its own writes statements, and what servers say, to a file and to stdout. */
export class SilentLogger {
  configure(): void {}
  error(): void {}
  warn(): void {}
  info(): void {}
  debug(): void {}
  trace(): void {}
}
