import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import { createOrder } from '../../util/keyed-lock.js';

/**
 * Edits of answers, by event. Edits of one answer are sequential, or a late "painting" would overwrite the image.
 */
export interface Edits {
  /**
   * A required edit, made immediately: no one should wait for a finished image. It supersedes cards of this answer
   * that are waiting to be drawn.
   */
  make<R>(id: string, edit: () => Promise<R>): Promise<R>;
  /**
   * A cosmetic edit, at most one every 3 s per answer. It waits for its turn, and is skipped if a newer one comes
   * first, if `make` has nothing to show, or if the answer already looks that way.
   * @throws errors of `make` and its edit.
   */
  draw(id: string, make: () => Promise<Drawing | undefined>): Promise<void>;
}

/** A card about to be drawn. */
export interface Drawing {
  /** What the answer will say, to detect changes. */
  readonly look: string;
  edit(): Promise<unknown>;
}

interface Options {
  /** Cards drawn concurrently. */
  readonly atOnce?: number;
  /** ms between an edit of an answer and the next card on it. */
  readonly apartMs?: number;
  /** ms since the epoch. */
  readonly now?: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** How an answer looks, and since when; unknown once it has files. */
interface Shown {
  readonly look?: string;
  readonly at: number;
}

/**
 * At most 50 cards a second, Discord's global limit for a bot: hundreds of cards must not hold up acknowledgements
 * (due in 3 s), submissions or results. A superseded card costs nothing.
 */
const pace = { intervalCap: 10, interval: 200 };
/** Discord accepts five edits of an answer in five seconds, and users don't read faster. */
const usualApartMs = 3_000;
/** How many answers are remembered: the last edited ones. */
const mostShown = 2_000;
const idle = (ms: number) => sleep(ms, undefined, { ref: false });

export function createEdits(options: Options = {}): Edits {
  const { atOnce = 8, apartMs = usualApartMs, now = Date.now, wait = idle } = options;
  const inOrder = createOrder();
  const drawings = new PQueue({ concurrency: atOnce, ...pace });
  const newest = new Map<string, symbol>();
  const shown = createShown(now);

  /** ms until the answer may be edited again; setting the clock back doesn't lengthen it. */
  function leftFor(id: string): number {
    return Math.min(shown.at(id) + apartMs - now(), apartMs);
  }

  /** Waits for that; false once the card is drawn or superseded. */
  async function pause(id: string, mine: symbol): Promise<boolean> {
    while (newest.get(id) === mine) {
      const left = leftFor(id);
      if (left <= 0) return true;
      await wait(left);
    }
    return false;
  }

  return {
    make(id, edit) {
      newest.delete(id);
      return inOrder(id, () => shown.edited(id, edit));
    },
    async draw(id, make) {
      const mine = Symbol(id);
      newest.set(id, mine);
      const drawn = async () => {
        // Another edit may have been made while this card was waiting; it is a little early then.
        if (newest.get(id) !== mine || leftFor(id) > 0) return;
        newest.delete(id);
        const drawing = await make();
        if (drawing && drawing.look !== shown.look(id)) await shown.edited(id, drawing.edit, drawing.look);
      };
      while (await pause(id, mine)) await drawings.add(() => inOrder(id, drawn));
    },
  };
}

/** Remembers how answers look. */
function createShown(now: () => number) {
  const shown = new Map<string, Shown>();
  return {
    look: (id: string) => shown.get(id)?.look,
    /** When it was last edited, ms since the epoch. */
    at: (id: string) => shown.get(id)?.at ?? Number.NEGATIVE_INFINITY,
    /** Edits an answer; `look` is what it looks like then. */
    async edited<R>(id: string, edit: () => Promise<R>, look?: string): Promise<R> {
      let known: Pick<Shown, 'look'> = {};
      try {
        const result = await edit();
        known = look === undefined ? {} : { look };
        return result;
      } finally {
        // Re-inserted, so that the first entry is always the least recently edited.
        shown.delete(id);
        shown.set(id, { ...known, at: now() });
        for (const oldest of shown.keys()) if (shown.size > mostShown) shown.delete(oldest);
      }
    },
  };
}
