/**
 * The control plane's health check inside its container: 0 when requests should be sent to it, 1 when not.
 * A program of its own, as the image has neither a shell nor curl.
 */
const WAIT_MS = 4_000;

function readyUrl({ HOST, PORT }: NodeJS.ProcessEnv): string {
  const host = !HOST || HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT || '8000'}/ready`;
}

try {
  const response = await fetch(readyUrl(process.env), { signal: AbortSignal.timeout(WAIT_MS) });
  process.stdout.write(`${await response.text()}\n`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  process.stdout.write(`The control plane does not answer: ${cause instanceof Error ? cause.message : cause}\n`);
  process.exitCode = 1;
}
