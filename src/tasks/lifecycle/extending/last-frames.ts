import type { Sources } from '../../../media/sources/source-intake.js';
import type { GenerationRequest, VideoRequest } from '../../../mps/generation-request.js';
import { minute } from '../../../util/time.js';
import { AttemptsSpentError } from '../../ledger/attempts.js';
import type { Task, TaskId } from '../../model/task.js';
import type { Hosting } from '../../sources/source-hosting.js';
import { expiryOf } from '../../sources/source-images.js';
import type { Preparation } from '../../sources/source-preparation.js';
import { createPlacing } from '../../sources/source-upload.js';
import type { Extending } from './extending.js';
import { ExtensionError } from './extension-error.js';

interface Deps {
  readonly preparation: Preparation;
  /** Absent: clips can't be extended. */
  readonly extending: Extending | undefined;
  /** Longest clip that parts are joined to, seconds (EXTEND_MAX_SECONDS). */
  readonly maxSeconds: number;
  readonly hosting: Hosting;
  readonly sources: Pick<Sources, 'release'>;
  /** Runs code that opens a clip, which may crash the process. @throws AttemptsSpentError */
  readonly attempt: <T>(id: TaskId, work: () => Promise<T>) => Promise<T>;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** A link must outlive MPS's queue. */
const needsLifeMs = 10 * minute;
/** Stands for the frame until it is hosted. */
const frameToCome = { url: 'https://easel.invalid/last-frame', name: 'last-frame.png' } as const;

/**
 * Preparation that gives a clip which continues another its first frame. It is taken again whenever it is needed: nothing
 * of it is kept but where MPS finds it.
 */
export function withLastFrames(deps: Deps): Preparation {
  const { preparation, extending, maxSeconds, hosting, sources, attempt, signal, now } = deps;
  const place = createPlacing({ hosting, signal, belongs: () => {} });

  async function framed(task: Task, request: VideoRequest): Promise<GenerationRequest> {
    if (!extending) throw new ExtensionError('unavailable');
    const { image, seconds } = await attempt(task.id, () => extending.lastFrame(task, { signal })).catch(
      (error: unknown) => {
        if (error instanceof AttemptsSpentError) throw new ExtensionError('broken', { cause: error });
        throw error;
      },
    );
    try {
      const whole = Math.round((seconds ?? 0) + (request.duration ?? 0));
      if (whole > maxSeconds) throw new ExtensionError('tooLong', {}, { whole, max: maxSeconds });
      const { type, bytes } = image;
      const begun: VideoRequest = {
        ...request,
        image: { ...frameToCome, type, bytes },
        extends: { ...request.extends, ...(seconds !== undefined && { seconds }) },
      };
      return await place({ ...task, request: begun }, new Map([[frameToCome.url, image]]), [frameToCome.url]);
    } finally {
      await sources.release([image]);
    }
  }

  return {
    ...preparation,
    async prepare(task) {
      const parted = withoutFrame(task.request);
      if (!parted) return preparation.prepare(task);
      await preparation.prepare({ ...task, request: parted.rest });
      return framed(task, parted.rest);
    },
    async renew(task) {
      const parted = withoutFrame(task.request);
      if (!parted) return preparation.renew(task);
      const { rest, frame } = parted;
      return frame && expiryOf(frame.url) >= now() + needsLifeMs ? task.request : framed(task, rest);
    },
  };
}

/** The parts of a request that continues a clip; undefined of any other. */
function withoutFrame(request: GenerationRequest) {
  if (request.kind !== 'video' || !request.extends) return undefined;
  const { image: frame, ...rest } = request;
  return { frame, rest };
}
