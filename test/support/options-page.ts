import { type APIApplicationCommandOption, ApplicationCommandOptionType as Type } from 'discord.js';
import type { slashCommandsOf } from '../../src/app/app.js';

type Command = ReturnType<typeof slashCommandsOf>[number];

const words = {
  en: {
    title: '# Options',
    about:
      'Every option of every command, as Discord shows it where the operator offers all that there is. Which values a model takes says `/models`; options that nothing in a server supports are not shown there. `npm run docs:options` writes this page.',
    head: '| Option | What it does | Values |',
    needed: ' (required)',
    titled: (name: string, _other: string) => name,
    alias: (name: string, _other: string) => `\`${name}\``,
    oneOf: (names: readonly string[]) => names.join(', '),
    more: (count: number) => `and ${count} more`,
    between: (least: number | undefined, most: number | undefined) =>
      least === undefined ? `up to ${most}` : most === undefined ? `from ${least}` : `${least} to ${most}`,
    letters: (most: number) => `up to ${most} characters`,
    file: 'a file',
    member: 'a user',
    flag: 'yes or no',
    suggested: 'suggested while you type',
  },
  'zh-CN': {
    title: '# 选项',
    about:
      '每个命令的全部选项，也就是运营者全部开放时 Discord 显示的样子。各模型支持哪些取值，请看 `/models`；服务器里用不上的选项不会显示。本页由 `npm run docs:options` 生成。',
    head: '| 选项 | 作用 | 取值 |',
    needed: '（必填）',
    titled: (name: string, other: string) => `${name}（${other}）`,
    alias: (name: string, other: string) => `\`${other}\`（\`${name}\`）`,
    oneOf: (names: readonly string[]) => names.join('、'),
    more: (count: number) => `等 ${count} 项`,
    between: (least: number | undefined, most: number | undefined) =>
      least === undefined ? `最大 ${most}` : most === undefined ? `最小 ${least}` : `${least} 至 ${most}`,
    letters: (most: number) => `最多 ${most} 个字符`,
    file: '一个文件',
    member: '一位用户',
    flag: '是或否',
    suggested: '输入时会有建议',
  },
} as const;

type Language = keyof typeof words;

/** Choices that are listed; a longer list is cut. */
const mostListed = 12;

/** The page that lists all options of the commands. */
export function optionsPage(commands: readonly Command[], language: Language): string {
  const { title, about } = words[language];
  const parts = commands.flatMap((command) => sections([], command, language));
  return `${[title, about, ...parts].join('\n\n')}\n`;
}

interface Described {
  readonly name: string;
  readonly name_localizations?: Localized;
  readonly description: string;
  readonly description_localizations?: Localized;
}

type Localized = Readonly<Record<string, string | null | undefined>> | null | undefined;

interface WithOptions extends Described {
  readonly options?: readonly APIApplicationCommandOption[] | undefined;
}

/** A command's own section, and one for each of its subcommands. @param above the commands that it belongs to */
function sections(above: readonly Described[], command: WithOptions, language: Language): string[] {
  const { options = [] } = command;
  const path = [...above, command];
  const said = (names: (one: Described) => string) => `/${path.map(names).join(' ')}`;
  const title = words[language].titled(
    said(({ name }) => name),
    said((one) => nameOf(one, language)),
  );
  const below = options.filter(({ type }) => type === Type.Subcommand || type === Type.SubcommandGroup);
  const own = options.filter((option) => !below.includes(option));
  const level = '#'.repeat(path.length + 1);
  const table = ['|---|---|---|', ...own.map((option) => row(option, language))];
  const lines = own.length > 0 ? ['', words[language].head, ...table] : [];
  return [
    [`${level} ${title}`, '', cell(textOf(command, language)), ...lines].join('\n'),
    ...below.flatMap((one) => sections(path, one as WithOptions, language)),
  ];
}

function row(option: APIApplicationCommandOption, language: Language): string {
  const { needed, alias } = words[language];
  const name = `${alias(option.name, nameOf(option, language))}${option.required ? needed : ''}`;
  return `| ${name} | ${cell(textOf(option, language))} | ${cell(valuesOf(option, language))} |`;
}

function valuesOf(option: APIApplicationCommandOption, language: Language): string {
  const say = words[language];
  if ('choices' in option && option.choices && option.choices.length > 0) {
    const names = option.choices.map(({ name, name_localizations: others }) =>
      nameOf({ name, name_localizations: others, description: '' }, language),
    );
    const rest = names.length - mostListed;
    return say.oneOf([...names.slice(0, mostListed), ...(rest > 0 ? [say.more(rest)] : [])]);
  }
  const said: string[] = [];
  if (option.type === Type.Attachment) said.push(say.file);
  if (option.type === Type.User) said.push(say.member);
  if (option.type === Type.Boolean) said.push(say.flag);
  if (option.type === Type.Integer || option.type === Type.Number) {
    const { min_value: least } = option;
    const most = option.max_value === Number.MAX_SAFE_INTEGER ? undefined : option.max_value;
    if (least !== undefined || most !== undefined) said.push(say.between(least, most));
  }
  if (option.type === Type.String && option.max_length !== undefined)
    said.push(say.letters(option.max_length));
  if ('autocomplete' in option && option.autocomplete) said.push(say.suggested);
  return say.oneOf(said);
}

function nameOf({ name, name_localizations: others }: Described, language: Language): string {
  return language === 'en' ? name : (others?.[language] ?? name);
}

function textOf(one: Described, language: Language): string {
  return language === 'en' ? one.description : (one.description_localizations?.[language] ?? one.description);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
