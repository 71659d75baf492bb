import {
  type DocumentedGroup,
  type DocumentedVariable,
  documentVariables,
} from '../../src/config/documentation.js';

const head = `# Configuration

[中文](zh-CN/configuration.md)

Easel reads environment variables, and a file \`.env\` in its working directory; the environment wins, and an empty value means
unset. Only the three under [Required](#required) have no default. [.env.example](../.env.example) is a file to copy.

At startup all bad values are named at once, each with what was found and what is allowed, and Easel exits with code 78.
\`npm run doctor\` checks a configuration without starting the bot.

This page is generated from \`src/config\`: \`npm run docs:configuration\` writes it, and a test keeps it current.`;

/** The text of docs/configuration.md, from the variables themselves. */
export function drawConfigurationPage(): string {
  return `${[head, ...documentVariables().map(drawGroup)].join('\n\n')}\n`;
}

function drawGroup({ title, about, variables }: DocumentedGroup): string {
  const table = [
    '| Variable | Default | Value | What it does |',
    '|---|---|---|---|',
    ...variables.map(drawRow),
  ];
  const snippets = variables.flatMap(drawSnippet);
  return [`## ${title}`, ...(about ? [cell(about)] : []), table.join('\n'), ...snippets].join('\n\n');
}

function drawRow(variable: DocumentedVariable): string {
  const { name, allowed, description, example } = variable;
  const byDefault = variable.default === '' ? cell(variable.defaultNote) : `\`${variable.default}\``;
  const such = example === undefined ? '' : ` Example: \`${example}\``;
  return `| \`${name}\` | ${byDefault} | ${cell(allowed)} | ${cell(description)}${such} |`;
}

/** Lines to copy, under the table: a cell holds one line. */
function drawSnippet({ name, snippet }: DocumentedVariable): readonly string[] {
  return snippet.length === 0 ? [] : [`For \`${name}\`:`, ['```', ...snippet, '```'].join('\n')];
}

/** Plain text in a table: names and addresses as code, nothing that would end the cell. */
function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll(
      /(?<![`\w])([A-Z]{2,}(?:_[A-Z]+)+(?:_…)?(?![\w])|(?:sqlite|rediss?|https?):\/\/[^\s,;)]+)/g,
      '`$1`',
    );
}
