import {
  ConfigError,
  type Environment,
  loadConfig,
  type ModelRules,
  type Problem,
} from '../../../src/config/config.js';

const models: Readonly<Record<string, readonly number[] | undefined>> = {
  'hunyuan-3.0': undefined,
  'kling-3.0': [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  'hailuo-2.3': [6],
};

/** A catalogue of three models. */
export const rules: ModelRules = {
  find(_, name) {
    const id = name.toLowerCase().replace(' ', '-');
    if (!(id in models)) return undefined;
    const durations = models[id];
    return durations ? { id, durations } : { id };
  },
  names: () => Object.keys(models),
};

export const needed = {
  DISCORD_TOKEN: 'a.b.c',
  TENCENTCLOUD_SECRET_ID: 'AKIDexample',
  TENCENTCLOUD_SECRET_KEY: 'key',
};
/** Loads `env` with the three keys that are needed. */
export const load = (env: Environment) => loadConfig({ ...needed, ...env }, rules);

/** The problems found by `loadConfig`, if any. */
export function problems(env: Environment): readonly Problem[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
