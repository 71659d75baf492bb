/** Something about one variable that the operator has to put right. */
export interface Problem {
  readonly variable: string;
  readonly found: string;
  readonly allowed: string;
  readonly where: string;
}

/** Everything that is wrong with the environment at once. Its message is meant for the operator as it is. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 setting needs' : `${problems.length} settings need`;
    const blocks = problems.map(
      ({ variable, found, allowed, where }) =>
        `  ${variable}\n    found:    ${found}\n    allowed:  ${allowed}\n    where:    ${where}`,
    );
    const advice = 'Set them in the environment or in a file .env here; .env.example explains each one.';
    super(`Easel cannot start: ${count} attention.\n\n${blocks.join('\n\n')}\n\n${advice}`);
    this.problems = problems;
  }
}

/** A text as the operator may read it: short, and without a password. */
export function shown(text: string): string {
  const safe = text.replace(/\/\/.*@/s, '//…@');
  return JSON.stringify(safe.length > 80 ? `${safe.slice(0, 80)}…` : safe);
}
