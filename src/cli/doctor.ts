import { examine } from '../app/doctor-checks.js';
import { ConfigError, type Environment, readEnvironment } from '../config/config.js';
import { type Finding, fail } from '../ops/doctor/finding.js';
import { isWell, toJson, toText } from '../ops/doctor/report.js';
import { withProgress } from '../util/progress-report.js';

/** `npm run doctor [-- --json]`: prints the findings. Exit code 0 if Easel can start, otherwise 1. */
export async function consult({ json }: { readonly json: boolean }): Promise<void> {
  const findings = await withProgress('checking', ({ now }) => findingsIn(environment(), now));
  process.stdout.write(json ? toJson(findings) : toText(findings));
  process.exitCode = isWell(findings) ? 0 : 1;
}

/** The environment. An unreadable `.env` is reported before anything else. */
function environment(): Environment | ConfigError {
  try {
    return readEnvironment();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

async function findingsIn(
  env: Environment | ConfigError,
  onPhase: (what: string) => void,
): Promise<readonly Finding[]> {
  if (!(env instanceof ConfigError)) return examine(env, { nodeVersion: process.versions.node, onPhase });
  return env.problems.map(({ variable, found, allowed, where }) =>
    fail('Configuration', `${variable} is ${found}`, `allowed: ${allowed}; where: ${where}`),
  );
}
