import { z } from 'zod';

/** What the rights of an agent's role (or, for a file, of its user) are worth: the layer behind the guard and the read-only mode. */
const GRADES = ['good', 'acceptable', 'bad'] as const;
export const Grade = z.enum(GRADES);
export type Grade = z.infer<typeof Grade>;

export const PostureFinding = z.object({
  /** Stable, for scripts: superuser, write_grants, … */
  code: z.string(),
  severity: z.enum(['info', 'warn', 'bad']),
  message: z.string(),
  /** What to do about it. */
  hint: z.string(),
});
export type PostureFinding = z.infer<typeof PostureFinding>;
export type Severity = PostureFinding['severity'];

export const Posture = z.object({
  grade: Grade,
  /** The worst first. */
  findings: z.array(PostureFinding),
  /** Ready to paste: what makes a role that can read and nothing else, with this database's names. */
  leastPrivilege: z.string(),
});
export type Posture = z.infer<typeof Posture>;

const GRADE_OF: Readonly<Record<Severity, Grade>> = { info: 'good', warn: 'acceptable', bad: 'bad' };
const rank = (grade: Grade): number => GRADES.indexOf(grade);

/** Grades by the worst finding; information alone leaves a posture good. */
export function toPosture(findings: readonly PostureFinding[], leastPrivilege: string): Posture {
  const worstFirst = findings.toSorted((a, b) => rank(GRADE_OF[b.severity]) - rank(GRADE_OF[a.severity]));
  const [worst] = worstFirst;
  return { grade: worst === undefined ? 'good' : GRADE_OF[worst.severity], findings: worstFirst, leastPrivilege };
}

/** Of what is asked for in two places, what satisfies both. */
export function strictest(a: Grade | null, b: Grade | null): Grade | null {
  if (a === null || b === null) return a ?? b;
  return rank(a) < rank(b) ? a : b;
}

export const meetsGrade = (grade: Grade, required: Grade): boolean => rank(grade) <= rank(required);
