import type { Log } from '../../log.js';
import { type CosBucket, isRefusal } from '../../media/cos/bucket.js';
import { conceal } from '../../mps/api/redact.js';
import type { Folder, Task } from '../model/task.js';

/** What MPS makes of StoreCosParam, the order to put results into the operator's own bucket. */
export interface Keeping {
  /** Where MPS is told to put what a task makes. */
  folderOf(task: Task): { readonly folder: Folder };
  /** Whether all links name what lies in the bucket, so that they do not die. */
  lasts(urls: readonly string[]): boolean;
  /** Looks where the links of a finished task lead. Where MPS keeps nothing although it was told to, the operator is told. */
  note(task: Task, report: { readonly urls: readonly string[]; readonly message?: string | undefined }): void;
  /** The folder in the bucket that has a task's results, as the operator finds it; undefined if nothing is there. */
  keptIn(task: Pick<Task, 'results'>): string | undefined;
  /**
   * The folder into which the result of a lost Create would come; undefined if looking there would be in vain: MPS
   * was told of another bucket, or is known to keep nothing in this one.
   */
  searchable(task: Task): Folder | undefined;
  /** Whether what MPS puts into that folder can be found there, by all that is known. */
  isHopeful(folder: Folder): boolean;
  /** What lies in a folder and can be a result, in order. @throws CosError; the signal's reason. */
  look(folder: Folder, kind: Task['request']['kind'], signal: AbortSignal): Promise<readonly string[]>;
}

interface Deps {
  readonly bucket: CosBucket;
  /** Its name. */
  readonly name: string;
  /** Where a task's results go, by the configuration. */
  readonly place: (task: Task) => Folder;
  /** Told MPS's Message where results are not kept. */
  readonly onUnkept: (message: string) => void;
  /** Told each time the bucket does not let the key look into it. */
  readonly onRefused?: () => void;
  readonly log: Log;
}

/** Where the role is granted, for the operator. */
const where = 'console.tencentcloud.com/mps › Account authorization (or CAM › Roles)';

export function createKeeping({ bucket, name, place, onUnkept, onRefused = () => {}, log }: Deps): Keeping {
  /** What the last finished task has shown since the start: without the role MPS keeps nothing, of any task. */
  let works: boolean | undefined;

  const isInside = (url: string) => bucket.keyOf(url) !== undefined;

  const isHopeful = (folder: Folder) => works !== false && folder.bucket === name;

  return {
    isHopeful,
    folderOf: (task) => ({ folder: place(task) }),
    lasts: (urls) => urls.length > 0 && urls.every((url) => bucket.sign(url) !== undefined),
    note(task, { urls, message = '' }) {
      // Ordered before there was a bucket, or with another one.
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

/** A cover beside a video is no result; what has no ending that tells may be one. */
function mayBe(kind: Task['request']['kind'], key: string): boolean {
  return !endings[kind === 'image' ? 'video' : 'image'].test(key);
}
