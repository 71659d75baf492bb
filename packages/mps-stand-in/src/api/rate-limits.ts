import { Refusal } from './api-error.js';

/** Requests an account may send in any sliding second, by action (the guide's table). */
export const perSecond = {
  CreateAigcImageTask: 20,
  DescribeAigcImageTask: 20,
  CreateAigcVideoTask: 10,
  DescribeAigcVideoTask: 50,
} as const satisfies Record<string, number>;

export type Action = keyof typeof perSecond;

export const actions = Object.keys(perSecond).filter(isAction);

export function isAction(name: string): name is Action {
  return Object.hasOwn(perSecond, name);
}

export interface Limits {
  /** Takes one request of an action in, or throws RequestLimitExceeded. `at` is ms and never steps back. */
  admit(action: Action, at: number): void;
  /** Requests refused so far, by action. */
  readonly rejected: Readonly<Record<Action, number>>;
}

/** A strict window: of the requests let in, no 1000 ms that begin anywhere hold more than the limit. */
export function createLimits(): Limits {
  const admitted = new Map<Action, number[]>(actions.map((action) => [action, []]));
  const rejected: Record<Action, number> = {
    CreateAigcImageTask: 0,
    DescribeAigcImageTask: 0,
    CreateAigcVideoTask: 0,
    DescribeAigcVideoTask: 0,
  };
  return {
    rejected,
    admit(action, at) {
      const window = admitted.get(action) ?? [];
      while (window[0] !== undefined && at - window[0] >= 1000) window.shift();
      if (window.length >= perSecond[action]) {
        rejected[action] += 1;
        throw new Refusal(
          'RequestLimitExceeded',
          `Your current request times exceed the limit of ${perSecond[action]} requests per second for ${action}.`,
          `您当前每秒请求 ${action} 次数超过了 ${perSecond[action]} 次的频率限制，请稍后重试。`,
        );
      }
      window.push(at);
    },
  };
}
