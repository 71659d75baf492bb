import type { ClipRule } from '../../media/clips/clip-types.js';
import type { ClipSources, TakenClip } from '../../media/sources/clip-intake.js';
import { SourceError, type Sources, type TakenSource } from '../../media/sources/source-intake.js';
import { soundFileRules, sourceRules } from '../../mps/catalogue/model-rules.js';
import type {
  GenerationRequest,
  SourceClip,
  SourceImage,
  SourceSound,
} from '../../mps/generation-request.js';
import { AttemptsSpentError } from '../ledger/attempts.js';
import type { Task, TaskId } from '../model/task.js';
import { createPreparationTurns } from '../queue/preparation-turns.js';
import { createTaking } from './source-download.js';
import { isClip, isSound, mapSources } from './source-images.js';
import { createSourceStorage, type ShelfLimits } from './source-storage.js';

export interface HeldSourcesDeps {
  readonly sources: Sources;
  /** Takes users' clips. @default orders with clips are refused */
  readonly clipSources?: Pick<ClipSources, 'take'> & Partial<Pick<ClipSources, 'takeSound'>>;
  /** What a request's model accepts of each of its clips. */
  readonly clipRule?: (request: GenerationRequest) => ClipRule;
  /** Bytes that a file may have where a converted clip would be hosted; undefined: as many as MPS accepts. */
  readonly hostable?: (task: Task) => Promise<number | undefined>;
  /** Minimum pixels per side of a request's images for its model; undefined if any will do. */
  readonly leastSide?: (request: GenerationRequest) => number | undefined;
  /**
   * Runs code that inspects an image, which may crash the process.
   * @throws AttemptsSpentError
   */
  readonly attempt?: <T>(id: TaskId, work: () => Promise<T>) => Promise<T>;
  /** As for taking. */
  readonly freshen?: (image: SourceImage) => Promise<string | undefined>;
  /** As for taking. */
  readonly retryMs?: number;
  /** How much is held for waiting orders. */
  readonly shelfLimits?: ShelfLimits;
  readonly signal: AbortSignal;
}

/** Takes the bytes of source images, and holds them on disk for as long as their tasks may need them. */
export function createHeldSources(deps: HeldSourcesDeps) {
  const { sources, shelfLimits } = deps;
  const takeOne = createTakingInTurn(deps);
  /** Downloaded images per task, by the link that MPS gets. */
  const taken = new Map<TaskId, Map<string, TakenSource>>();
  const shelf = createSourceStorage({
    drop: (id) => void drop(id),
    ...(shelfLimits && { limits: shelfLimits }),
  });

  async function drop(id: TaskId): Promise<void> {
    const files = taken.get(id);
    taken.delete(id);
    if (files) await sources.release([...files.values()]);
  }

  /**
   * The bytes of some of the task's images by link, each downloaded once, and the task with the links that worked.
   */
  async function take(task: Task, images: readonly SourceImage[]) {
    const { id, request } = task;
    const had = taken.get(id) ?? new Map<string, TakenSource>();
    taken.set(id, had);
    const files = new Map<string, TakenSource>();
    const found = new Map<string, SourceImage>();
    // One after another: each is stored on disk separately, and the first bad one saves downloading the rest.
    for (const image of images) {
      const known = had.get(image.url);
      const { image: now, file } = known ? { image, file: known } : await takeOne(task, image);
      had.set(now.url, file);
      if (!known && !shelf.hold(id, file.bytes))
        throw new SourceError(isClip(image) ? 'clip.crowded' : 'crowded', { name: image.name });
      files.set(now.url, file);
      found.set(image.url, now);
    }
    const linked = mapSources(request, (image) => ({ ...image, ...linksOf(found.get(image.url)) }));
    return { files, task: { ...task, request: linked } };
  }

  return {
    take,
    belongs(id: TaskId, url: string, file: TakenSource): void {
      taken.get(id)?.set(url, file);
    },
    /** Runs a step that needs the bytes held for a task; afterwards they may be evicted. */
    async shelved<T>(task: Task, step: () => Promise<T>): Promise<T> {
      shelf.begin(task);
      try {
        return await step();
      } finally {
        shelf.settle(task.id);
      }
    },

    async release(id: TaskId): Promise<void> {
      shelf.forget(id);
      await drop(id);
    },
  };
}

/** Clips at once, over all guilds, and of a member: one is converted at a time. Images don't wait for them. */
const clipTurns = { slots: 3, perMember: 1 } as const;

/** Takes one file by tries that each wait for their turn: no one waits for a wait. @throws SourceError */
function createTakingInTurn(deps: HeldSourcesDeps) {
  const { signal, freshen = async () => undefined, retryMs = 1_000 } = deps;
  const { attempt = (_id, work) => work() } = deps;
  const turns = { image: createPreparationTurns(), clip: createPreparationTurns(clipTurns) };
  const takeOne = createTaking({ freshen, signal, retryMs });
  const bytesOf = createReading(deps);
  return (task: Task, file: SourceImage) => {
    const isOne = isClip(file);
    const takeSafely = (source: SourceImage) =>
      attempt(task.id, () => bytesOf(task, source)).catch((error: unknown) => {
        if (!(error instanceof AttemptsSpentError)) throw error;
        throw new SourceError(isOne ? 'clip.heavy' : 'heavy', { name: source.name }, { cause: error });
      });
    const turn = turns[isOne ? 'clip' : 'image'];
    return takeOne(file, (source) => turn.run(task, () => takeSafely(source), signal));
  };
}

/** Downloads one file and inspects it. */
function createReading(deps: HeldSourcesDeps) {
  const { sources, clipSources, signal } = deps;
  const { clipRule, leastSide = () => undefined, hostable = async () => undefined } = deps;

  async function clipOf(task: Task, clip: SourceClip): Promise<TakenClip> {
    const { name, cutTo } = clip;
    if (!clipSources || !clipRule) throw new SourceError('clip.unconverted', { name, max: 0 });
    const most = await hostable(task);
    const rule = { ...clipRule(task.request), ...(most !== undefined && { maxMadeBytes: most }) };
    return clipSources.take(clip, rule, { signal, ...(cutTo !== undefined && { cutTo }) });
  }

  async function soundOf(sound: SourceSound): Promise<TakenSource> {
    if (!clipSources?.takeSound) throw new SourceError('sound.unreachable', { name: sound.name });
    return clipSources.takeSound(sound, soundFileRules, { signal });
  }

  return (task: Task, file: SourceImage): Promise<TakenSource> => {
    if (isClip(file)) return clipOf(task, file);
    if (isSound(file)) return soundOf(file);
    const minSide = leastSide(task.request);
    const rule = sourceRules[task.request.kind];
    return sources.take(file, minSide === undefined ? rule : { ...rule, minSide }, { signal });
  };
}

/** Images found in two places are one. */
function linksOf(image: SourceImage | undefined): Pick<SourceImage, 'url' | 'uploaded'> | undefined {
  return image && { url: image.url, ...(image.uploaded !== undefined && { uploaded: image.uploaded }) };
}
