import { z } from 'zod';
import { type Problem, shown } from './config-error.js';
import type { Variable } from './variable-types.js';

export type Environment = Readonly<Record<string, string | undefined>>;

type Variables = Readonly<Record<string, Variable<unknown>>>;
export type ValuesOf<V extends Variables> = {
  readonly [N in keyof V]: V[N] extends Variable<infer T> ? T : never;
};

export interface Reading<V extends Variables> {
  /** By variable; the default if it is unset or wrong. */
  readonly values: ValuesOf<V>;
  /** What is wrong, at most one thing a variable, in the order of the variables. */
  readonly problems: readonly Problem[];
}

/** A variable's text without blanks around it; empty means unset. */
export function textOf(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

/** A function that reads `variables` from an environment. It is one zod object of all of them, by their names. */
export function createEnvReader<V extends Variables>(variables: V): (env: Environment) => Reading<V> {
  const schemas = Object.values(variables).map((variable) => [variable, schemaOf(variable)] as const);
  const strict = z.object(Object.fromEntries(schemas.map(([{ name }, schema]) => [name, schema])));
  // What is wrong in several variables together is searched for as well, whatever is wrong with one of them.
  const lenient = z.object(
    Object.fromEntries(schemas.map(([{ name, fallback }, schema]) => [name, schema.catch(fallback)])),
  );
  return (env) => {
    const { success, data, error } = strict.safeParse(env);
    const values = (success ? data : lenient.parse(env)) as ValuesOf<V>;
    const found = new Map<string, string>();
    for (const { path, message } of error?.issues ?? []) {
      const name = String(path[0]);
      if (!found.has(name)) found.set(name, message);
    }
    const problems = Object.values(variables).flatMap((variable) => {
      const because = found.get(variable.name);
      return because === undefined ? [] : [problemOf(variable, textOf(env, variable.name), because)];
    });
    return { values, problems };
  };
}

const unquoted = z
  .string({ error: '' })
  .regex(/^(?!(["']).*\1$)/, { error: 'with quotes around it: leave them out' });

function schemaOf({ schema, fallback, required }: Variable<unknown>): z.ZodType {
  const value = unquoted.pipe(schema);
  const orDefault = fallback === undefined ? value.optional() : value.default(fallback);
  return z.preprocess(
    (text) => (typeof text === 'string' ? text.trim() || undefined : undefined),
    required ? value : orDefault,
  );
}

function problemOf(variable: Variable<unknown>, text: string | undefined, because: string): Problem {
  const { name, secret, allowed, where } = variable;
  if (text === undefined) return { variable: name, found: 'not set', allowed, where };
  const found = secret ? `${text.length} characters` : shown(text);
  return { variable: name, found: because ? `${found}, ${because}` : found, allowed, where };
}
