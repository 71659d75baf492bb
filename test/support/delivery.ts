import type { UploadLimits } from '../../src/discord/rest/upload-limits.js';
import type { FetchedFile, LocalFile } from '../../src/media/files.js';
import { createMemory } from '../../src/media/storage/memory-budget.js';
import type { Packing } from '../../src/tasks/delivery/attachments.js';
import type { Delivery } from '../../src/tasks/delivery/delivery-port.js';
import { createUploadQueue } from '../../src/tasks/delivery/upload-queue.js';
import type { Progress } from '../../src/tasks/model/progress.js';
import type { Posted, Route, StateName, Task } from '../../src/tasks/model/task.js';

type OpenRoute = Exclude<Route, 'kept'>;

/** The calls that a fake Discord received, in order. */
export interface Seen {
  readonly call:
    | 'show'
    | 'post'
    | 'seek'
    | 'answered'
    | 'late'
    | 'host'
    | 'notify'
    | 'explain'
    | 'copy'
    | 'introduce'
    | 'tidy';
  readonly task: string;
  readonly state: StateName;
  readonly route?: OpenRoute;
  readonly progress?: Progress;
  readonly files?: readonly LocalFile[];
}

export interface FakeDelivery extends Delivery {
  readonly seen: readonly Seen[];
  /** Routes posted to, in order. */
  readonly posts: () => readonly (OpenRoute | undefined)[];
  /** The behaviour of a post, a search for one and a search for the answer; by default all posts arrive and nothing is found. */
  onPost: (task: Task, route: OpenRoute, files: readonly FetchedFile[]) => Promise<Posted>;
  onSeek: (task: Task, route: OpenRoute) => Promise<Posted | undefined>;
  /** Bytes that a file may have. */
  limit: number;
  onAnswered: (task: Task) => Promise<Posted | false | undefined>;
  onIntroduce: (task: Task) => Promise<boolean>;
  onCopy: (task: Task) => Promise<string | undefined>;
}

/** The message an outcome arrives in. */
export const arrived: Posted = { channelId: '1100000000000000003', messageId: '1146000000000000099' };

/** Posts everything unchanged; files that are too large are posted as links. */
export const wholePacking: Packing = {
  pack: async (_task, files, limit) =>
    files.map((original) =>
      original.bytes > limit
        ? { how: 'link', original, limit }
        : { how: 'whole', original, file: original, limit },
    ),
  async clear() {},
};

/** A Discord that takes files of any size. */
export const noLimits: Pick<UploadLimits, 'of' | 'refused'> = {
  of: async () => Number.POSITIVE_INFINITY,
  refused: async () => {},
};

/** As much as anyone wants, for one process: a killed one leaves its places taken. */
export const anyTransfers = () => createUploadQueue({ concurrency: 4, memory: createMemory(1 << 30) });

/** A Discord that does as instructed and records its requests. */
export function createFakeDelivery(): FakeDelivery {
  const seen: Seen[] = [];
  const note = (call: Seen['call'], { id, state }: Task, more: Partial<Seen> = {}) =>
    void seen.push({ call, task: id, state: state.name, ...more });
  const delivery: FakeDelivery = {
    seen,
    posts: () => seen.filter(({ call }) => call === 'post').map(({ route }) => route),
    limit: Number.POSITIVE_INFINITY,
    onPost: async () => arrived,
    onSeek: async () => undefined,
    onAnswered: async () => false,
    onIntroduce: async () => true,
    onCopy: async () => undefined,
    async show(task, progress) {
      note('show', task, { ...(progress && { progress }) });
    },
    limitOf: async () => delivery.limit,
    async post(task, route, parcels) {
      const files = parcels.flatMap(({ file }) => file ?? []);
      note('post', task, { route, files });
      return delivery.onPost(task, route, files);
    },
    async seek(task, route) {
      note('seek', task, { route });
      return delivery.onSeek(task, route);
    },
    async answered(task) {
      note('answered', task);
      return delivery.onAnswered(task);
    },
    async copy(task) {
      note('copy', task);
      return delivery.onCopy(task);
    },
    async introduce(task) {
      note('introduce', task);
      return delivery.onIntroduce(task);
    },
    async tidy(task) {
      note('tidy', task);
    },
    async notify(task) {
      note('notify', task);
    },
    async explain(task) {
      note('explain', task);
    },
    async tellLate(task) {
      note('late', task);
    },
    async host(task, images) {
      note('host', task, { files: images });
      return images.map((_, index) => ({ url: `http://127.0.0.1:9/hosted-${index}`, hostedAs: `${index}` }));
    },
  };
  return delivery;
}
