import type { Variable } from './variable-types.js';
import { variableGroups } from './variables.js';

/** A variable as `.env.example` and docs/configuration.md show it. */
export interface DocumentedVariable {
  readonly name: string;
  /** `integer`, `boolean`, `choice` … */
  readonly type: Variable<unknown>['type'];
  /** The text to set for the default; empty if there is none or it depends on other things. */
  readonly default: string;
  /** The default in words: `none`, `the one on PATH, if any`; the text above if that says it all. */
  readonly defaultNote: string;
  /** The form of a value: `a whole number from 1 to 1000`. */
  readonly allowed: string;
  /** Full sentences, plain text. */
  readonly description: string;
  readonly example: string | undefined;
  /** Lines to copy, as they are; mostly none. */
  readonly snippet: readonly string[];
  readonly required: boolean;
  readonly secret: boolean;
  readonly group: string;
}

export interface DocumentedGroup {
  readonly title: string;
  /** What holds for all of its variables; may be empty. */
  readonly about: string;
  readonly variables: readonly DocumentedVariable[];
}

/** Every variable, group by group, in the order of `.env.example`. */
export function documentVariables(): readonly DocumentedGroup[] {
  return variableGroups.map(({ title, about = '', variables }) => ({
    title,
    about,
    variables: variables.map((variable) => documented(variable, title)),
  }));
}

function documented(variable: Variable<unknown>, group: string): DocumentedVariable {
  const { name, type, allowed, description, example, snippet = [] } = variable;
  const { fallback, required = false, secret = false } = variable;
  const text = fallback === undefined || Array.isArray(fallback) ? '' : String(fallback);
  return {
    name,
    type,
    default: text,
    defaultNote: required ? 'required' : (variable.defaultNote ?? (text || 'none')),
    allowed,
    description,
    example,
    snippet,
    required,
    secret,
    group,
  };
}
