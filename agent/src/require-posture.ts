import { CustardError } from '#core/errors.ts';
import { type Grade, meetsGrade, type Posture } from '#core/posture.ts';

/** So many findings are told in the refusal; `--check` tells all. */
const TOLD = 5;

/** FORBIDDEN, with what was found, where the posture is worse than the agent's environment or its policy asks for. */
export function requirePosture({ grade, findings }: Posture, required: Grade | null): void {
  if (required === null || meetsGrade(grade, required)) return;
  const reasons = findings
    .filter(({ severity }) => severity !== 'info')
    .slice(0, TOLD)
    .map(({ message }) => message);
  throw new CustardError(
    'FORBIDDEN',
    `The database role is graded ${grade}, and ${required} is required. ${reasons.join(' ')}`,
    { hint: '`custard agent run --check` prints all that was found, and the SQL for a role that can only read.' },
  );
}
