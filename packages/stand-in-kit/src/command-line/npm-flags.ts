/** Options as `parseArgs` of node:util takes them. */
export type Options = Readonly<
  Record<
    string,
    { readonly type: 'string' | 'boolean'; readonly multiple?: boolean; readonly short?: string }
  >
>;

type Environment = Readonly<Record<string, string | undefined>>;

/** How npm joins the values of a flag that was given more than once. */
const between = '\n\n';

/**
 * The arguments with the flags that npm kept to itself because `--` was left out: `npm run playground --port 3000` passes on
 * `3000` alone and sets npm_config_port=true; `--port=3000` passes on nothing and sets npm_config_port=3000.
 * @param script the npm script this program is; under any other one npm's settings are not ours.
 * @returns undefined if several flags were separated from their values, so that the assignment is ambiguous.
 */
export function withNpmFlags(
  argv: readonly string[],
  options: Options,
  { script, env }: { readonly script: string; readonly env: Environment },
): readonly string[] | undefined {
  if (env.npm_lifecycle_event !== script) return argv;
  const kept = Object.entries(options).flatMap(([name, option]) => {
    const value = env[`npm_config_${name.replaceAll('-', '_')}`];
    return value === undefined ? [] : [{ ...option, flag: `--${name}`, values: value.split(between) }];
  });
  const torn = kept.filter(({ type, values }) => type === 'string' && values.every((one) => one === 'true'));
  const whole = kept
    .filter((one) => !torn.includes(one))
    .flatMap(({ type, flag, values }) =>
      type === 'string' ? values.map((value) => `${flag}=${value}`) : values.at(-1) === 'true' ? [flag] : [],
    );
  const [first, second] = torn;
  if (second) return undefined;
  if (!first) return [...argv, ...whole];
  const words = argv.filter((word) => !word.startsWith('-'));
  const others = argv.filter((word) => word.startsWith('-'));
  if (words.length > 1 && !first.multiple) return undefined;
  const found = words.length === 0 ? [first.flag] : words.map((word) => `${first.flag}=${word}`);
  return [...others, ...found, ...whole];
}
