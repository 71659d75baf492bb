import type { Finding } from './finding.js';

const signs = { ok: 'ok  ', warn: 'note', fail: 'FAIL' } as const;

/** One line per finding, with its fix, and a summary. */
export function toText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(
    ({ check, level, said, fix }) =>
      `${signs[level]}  ${check.padEnd(width)}  ${said}${fix === undefined ? '' : `  → ${fix}`}`,
  );
  const failed = findings.filter(({ level }) => level === 'fail').length;
  const end =
    failed === 0
      ? 'Easel can start.'
      : `${failed} of ${findings.length} checks failed; each line says how to fix it after →.`;
  return `${lines.join('\n')}\n\n${end}\n`;
}

/** The same for machines. */
export function toJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ ok: isWell(findings), checks: findings }, null, 2)}\n`;
}

export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ level }) => level !== 'fail');
}
