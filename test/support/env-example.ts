import {
  type DocumentedGroup,
  type DocumentedVariable,
  documentVariables,
} from '../../src/config/documentation.js';

/** Characters of a comment's line. */
const width = 110;

/** The text of `.env.example`, from the variables themselves. */
export function drawEnvExample(): string {
  const head = [
    ...comment(
      'Settings of Easel. Copy this file to .env and fill in the three required keys; everything else has a default. Variables of the real environment override .env; an empty value means unset. No quotes are needed.',
    ),
    ...comment('docs/configuration.md lists the same variables as a table.'),
  ];
  return `${[head.join('\n'), ...documentVariables().map(drawGroup)].join('\n\n')}\n`;
}

function drawGroup({ title, about, variables }: DocumentedGroup): string {
  const line = `# ── ${title} ${'─'.repeat(width - title.length - 6)}`;
  return [[line, ...(about ? comment(about) : [])].join('\n'), ...variables.map(drawVariable)].join('\n\n');
}

function drawVariable(variable: DocumentedVariable): string {
  const { name, description, example, required, snippet } = variable;
  // The setting's own line shows a default that is a text.
  const byDefault = required || variable.default !== '' ? '' : ` Default: ${variable.defaultNote}.`;
  const such = example === undefined ? [] : comment(`Example: ${example}`);
  const setting = `${required ? '' : '# '}${name}=${variable.default}`;
  const lines = snippet.map((line) => `# ${line}`);
  return [...comment(`${description}${byDefault}`), ...lines, ...such, setting].join('\n');
}

/** Wrapped between words, each line behind a `#`. */
function comment(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width - 2) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => `# ${line}`);
}
