import type { DirectoryReport } from './directory.js';
import type { Finding } from './finding.js';

const signs = { ok: 'ok  ', warn: 'note', fail: 'FAIL' } as const;

/** One line per finding, with its fix, and a summary. */
export function toText(findings: readonly Finding[]): string {
  const failed = findings.filter(({ level }) => level === 'fail').length;
  const end =
    failed === 0
      ? 'Easel can start.'
      : `${failed} of ${findings.length} checks failed; each line says how to fix it after →.`;
  return `${linesOf(findings)}\n\n${end}\n`;
}

/** The same about the App Directory, with texts to paste. */
export function toDirectoryText({ findings, texts }: DirectoryReport): string {
  const missing = findings.filter(({ level }) => level === 'fail').length;
  const end =
    missing === 0
      ? 'Nothing that can be checked from here is missing for the App Directory.'
      : `${missing} of ${findings.length} are missing for the App Directory; each line says where to add it after →.`;
  const parts = [linesOf(findings), end, ...(texts.length > 0 ? ['Texts to paste:', ...texts] : [])];
  return `${parts.join('\n\n')}\n`;
}

function linesOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(
    ({ check, level, said, fix }) =>
      `${signs[level]}  ${check.padEnd(width)}  ${said}${fix === undefined ? '' : `  → ${fix}`}`,
  );
  return lines.join('\n');
}

/** The same for machines. */
export function toJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ ok: isWell(findings), checks: findings }, null, 2)}\n`;
}

export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ level }) => level !== 'fail');
}
