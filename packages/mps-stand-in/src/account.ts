import { Refusal } from './api/api-error.js';
import { refusalWith } from './api/error-messages.js';
import type { MpsKnobBox } from './service-settings.js';
import type { Task, Tasks, Wish } from './tasks/tasks.js';

/** What the international endpoint serves. */
const overseas =
  /^(ap-(singapore|bangkok|jakarta|seoul|tokyo|mumbai|hongkong)|na-[a-z]+|sa-[a-z]+|eu-[a-z]+)$/;

export interface Account {
  /** Throws a `Refusal` where MPS is not switched on, or not for this region. */
  check(region: string): void;
  /** Throws RequestLimitExceeded where as many tasks are under way as may be. */
  makeRoom(wish: Wish): void;
}

/** What depends on the account that asks. */
export function createAccount(knobs: MpsKnobBox, tasks: Tasks): Account {
  const isUnderWay = (task: Task) => ['WAIT', 'RUN'].includes(tasks.statusOf(task)) && !isOffPeak(task.wish);

  return {
    check(region) {
      const { account, site } = knobs.now;
      if (site === 'international' && region !== '' && !overseas.test(region))
        throw new Refusal(
          'UnsupportedRegion',
          `The region \`${region}\` is not supported.`,
          `不支持地域 \`${region}\`。`,
        );
      if (account === 'closed') throw refusalWith('FailedOperation.InvalidMpsUser');
    },
    makeRoom(wish) {
      const { total, models } = knobs.now.concurrency;
      const ofModel = models[wish.params.ModelName];
      if ((total === undefined && ofModel === undefined) || isOffPeak(wish)) return;
      const busy = tasks.all().filter(isUnderWay);
      const same = busy.filter((task) => task.wish.params.ModelName === wish.params.ModelName);
      if (total !== undefined && busy.length >= total) throw crowded('account', total);
      if (ofModel !== undefined && same.length >= ofModel) throw crowded(wish.params.ModelName, ofModel);
    },
  };
}

function isOffPeak({ kind, params }: Wish): boolean {
  return kind === 'video' && params.ExtraParameters?.OffPeak === true;
}

function crowded(whose: string, most: number): Refusal {
  return new Refusal(
    'RequestLimitExceeded',
    `The number of tasks exceeds the maximum concurrency of ${whose}: ${most}. Please try again later.`,
    `任务数超过了 ${whose} 的最大并发数 ${most}，请稍后重试。`,
  );
}
