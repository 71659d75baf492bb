import type { Log } from '../../log.js';
import { type CosBucket, isRefusal } from '../../media/cos/bucket.js';
import { conceal } from '../../mps/api/redact.js';
import type { Folder, Task } from '../model/task.js';

/** MPS's handling of StoreCosParam, which makes it store results in the operator's bucket. */
export interface BucketResults {
  /** Where MPS should store a task's results. */
  folderOf(task: Task): { readonly folder: Folder };
  /** True if all links name objects in the bucket, so they don't expire. */
  lasts(urls: readonly string[]): boolean;
  /**
   * Checks where the links of a finished task lead. If MPS stored nothing although it should have, the operator is
   * alerted.
   */
  note(task: Task, report: { readonly urls: readonly string[]; readonly message?: string | undefined }): void;
  /** The bucket folder with a task's results, as the operator sees it; undefined if there are none. */
  keptIn(task: Pick<Task, 'results'>): string | undefined;
  /**
   * The folder in which the result of a lost Create would appear; undefined if searching is pointless: MPS was given
   * another bucket, or is known not to store in this one.
   */
  searchable(task: Task): Folder | undefined;
  /** True if, as far as known, MPS's results can be found in that folder. */
  isHopeful(folder: Folder): boolean;
  /**
   * Objects in a folder that can be results, in order.
   * @throws CosError; the signal's reason.
   */
  look(folder: Folder, kind: Task['request']['kind'], signal: AbortSignal): Promise<readonly string[]>;
}

interface Deps {
  readonly bucket: CosBucket;
  /** Its name. */
  readonly name: string;
  /** Where a task's results go, as configured. */
  readonly place: (task: Task) => Folder;
  /** Called with MPS's Message if results aren't stored. */
  readonly onUnkept: (message: string) => void;
  /** Called each time the key may not list the bucket. */
  readonly onRefused?: () => void;
  readonly log: Log;
}

/** Where the role is granted, for the operator. */
const where = 'console.tencentcloud.com/mps › Account authorization (or CAM › Roles)';

export function createBucketResults({
  bucket,
  name,
  place,
  onUnkept,
  onRefused = () => {},
  log,
}: Deps): BucketResults {
  /** What the last finished task since the start has shown: without the role MPS stores nothing for any task. */
  let works: boolean | undefined;

  const isInside = (url: string) => bucket.keyOf(url) !== undefined;

  const isHopeful = (folder: Folder) => works !== false && folder.bucket === name;

  return {
    isHopeful,
    folderOf: (task) => ({ folder: place(task) }),
    lasts: (urls) => urls.length > 0 && urls.every((url) => bucket.sign(url) !== undefined),
    note(task, { urls, message = '' }) {
      // Submitted before there was a bucket, or with another one.
      if (task.state.name !== 'running' || task.state.folder?.bucket !== name) return;
      works = urls.every(isInside);
      if (works) return;
      const { prompt, negative = '' } = task.request;
      const said = conceal(message, [prompt, negative]) ?? '';
      log.error(
        { task: task.id, said, role: 'MPS_QcsRole', where },
        'MPS did not put a result into COS_BUCKET; it needs the role MPS_QcsRole to write there',
      );
      onUnkept(said);
    },
    keptIn({ results }) {
      const keys = results?.urls.map((url) => bucket.keyOf(url)) ?? [];
      const [first] = keys;
      if (first === undefined || keys.includes(undefined)) return undefined;
      return `${name}/${first.slice(0, first.lastIndexOf('/') + 1)}`;
    },
    searchable(task) {
      const folder = task.state.name === 'submitting' ? (task.state.folder ?? place(task)) : undefined;
      return folder && isHopeful(folder) ? folder : undefined;
    },
    async look({ path }, kind, signal) {
      const found = await bucket.list(path.replace(/^\//, ''), { signal }).catch((error: unknown) => {
        if (isRefusal(error)) onRefused();
        throw error;
      });
      return found
        .filter(({ key, bytes }) => !key.endsWith('/') && bytes !== 0 && mayBe(kind, key))
        .map(({ key }) => key)
        .sort(byNumber.compare)
        .map((key) => bucket.address(key));
    },
  };
}

/** `fox_2.png` comes before `fox_10.png`. */
const byNumber = new Intl.Collator('en', { numeric: true });

const endings = {
  image: /\.(png|jpe?g|webp|gif|avif|bmp|heic)$/i,
  video: /\.(mp4|mov|webm|m4v|mkv)$/i,
} as const;

/** A video's cover isn't a result; a file without a known extension may be one. */
function mayBe(kind: Task['request']['kind'], key: string): boolean {
  return !endings[kind === 'image' ? 'video' : 'image'].test(key);
}
