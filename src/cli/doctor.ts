import { examine, examineDirectory } from '../app/doctor-checks.js';
import { ConfigError, type Environment, readEnvironment } from '../config/config.js';
import type { DirectoryReport } from '../ops/doctor/directory.js';
import { type Finding, fail, ofProblem } from '../ops/doctor/finding.js';
import { isWell, toDirectoryText, toJson, toText } from '../ops/doctor/report.js';
import { withProgress } from '../util/progress-report.js';

interface Flags {
  readonly json: boolean;
  readonly directory: boolean;
}

/**
 * `npm run doctor [-- --json]`: prints the findings. Exit code 0 if Easel can start, otherwise 1; with `--directory`, 0
 * if nothing is missing for the App Directory.
 */
export async function consult({ json, directory }: Flags): Promise<void> {
  if (directory) return consultDirectory(json);
  const findings = await withProgress('checking', ({ now }) => findingsIn(environment(), now));
  process.stdout.write(json ? toJson(findings) : toText(findings));
  process.exitCode = isWell(findings) ? 0 : 1;
}

async function consultDirectory(json: boolean): Promise<void> {
  const env = environment();
  const report: DirectoryReport =
    env instanceof ConfigError
      ? { findings: env.problems.map((problem) => ofProblem('Configuration', problem)), texts: [] }
      : await withProgress('checking', () => examineDirectory(env));
  process.stdout.write(json ? toJson(report.findings) : toDirectoryText(report));
  process.exitCode = isWell(report.findings) ? 0 : 1;
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
