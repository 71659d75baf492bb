import { Refusal } from './api/api-error.js';
import { refusalWith } from './api/error-messages.js';
import type { ServiceSettings } from './service-settings.js';
import type { Task, TaskRequest, Tasks } from './tasks/tasks.js';

/** Regions of the international endpoint. */
const overseas =
  /^(ap-(singapore|bangkok|jakarta|seoul|tokyo|mumbai|hongkong)|na-[a-z]+|sa-[a-z]+|eu-[a-z]+)$/;

export interface Account {
  /** Throws a `Refusal` if MPS is not switched on, or not in this region. */
  check(region: string): void;
  /** Throws RequestLimitExceeded if the task limit is reached. */
  makeRoom(request: TaskRequest): void;
}

/** Behaviour that depends on the calling account. */
export function createAccount(settings: ServiceSettings, tasks: Tasks): Account {
  const isUnderWay = (task: Task) =>
    ['WAIT', 'RUN'].includes(tasks.statusOf(task)) && !isOffPeak(task.request);

  return {
    check(region) {
      const { account, site } = settings.current;
      if (site === 'international' && region !== '' && !overseas.test(region))
        throw new Refusal(
          'UnsupportedRegion',
          `The region \`${region}\` is not supported.`,
          `不支持地域 \`${region}\`。`,
        );
      if (account === 'closed') throw refusalWith('FailedOperation.InvalidMpsUser');
    },
    makeRoom(request) {
      const { total, models } = settings.current.concurrency;
      const ofModel = models[request.params.ModelName];
      if ((total === undefined && ofModel === undefined) || isOffPeak(request)) return;
      const busy = tasks.all().filter(isUnderWay);
      const same = busy.filter((task) => task.request.params.ModelName === request.params.ModelName);
      if (total !== undefined && busy.length >= total) throw concurrencyExceeded('account', total);
      if (ofModel !== undefined && same.length >= ofModel)
        throw concurrencyExceeded(request.params.ModelName, ofModel);
    },
  };
}

function isOffPeak({ kind, params }: TaskRequest): boolean {
  return kind === 'video' && params.ExtraParameters?.OffPeak === true;
}

function concurrencyExceeded(whose: string, most: number): Refusal {
  return new Refusal(
    'RequestLimitExceeded',
    `The number of tasks exceeds the maximum concurrency of ${whose}: ${most}. Please try again later.`,
    `任务数超过了 ${whose} 的最大并发数 ${most}，请稍后重试。`,
  );
}
