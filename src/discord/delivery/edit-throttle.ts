import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import { createOrder } from '../../util/keyed-lock.js';

/**
 * Edits of answers, by the event that asked. Those of one answer happen one after the other, or a late "painting"
 * would overwrite the image.
 */
export interface Edits {
  /**
   * An edit that must be: at once, for no one is to wait for an image that is there. Cards of this answer that still
   * wait to be drawn are overtaken by it.
   */
  make<R>(id: string, edit: () => Promise<R>): Promise<R>;
  /**
   * An edit for the eye, at most one every 3 s for each answer. It waits until there is room, and does not happen where a
   * newer one comes first, where `make` has nothing to show, or where the answer looks so already.
   * @throws what `make` and its edit throw.
   */
  draw(id: string, make: () => Promise<Drawing | undefined>): Promise<void>;
}

/** A card about to be drawn. */
export interface Drawing {
  /** What the answer will say, to tell whether that is anything new. */
  readonly look: string;
  edit(): Promise<unknown>;
}

interface Options {
  /** Cards drawn at once. */
  readonly atOnce?: number;
  /** ms between an edit of an answer and the next card on it. */
  readonly apartMs?: number;
  /** ms since the epoch. */
  readonly now?: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** How an answer looks since when; that of one which was given files is not known. */
interface Shown {
  readonly look?: string;
  readonly at: number;
}

/**
 * Cards are drawn at 50 a second at most, as many as Discord lets a bot send of all else: hundreds must not hold up
 * acknowledgements, which are due in 3 s, nor creates and results. A card that is overtaken while it waits costs nothing.
 */
const pace = { intervalCap: 10, interval: 200 };
/** Discord takes five edits of an answer in five seconds, and users read no faster. */
const usualApartMs = 3_000;
/** Answers whose looks are remembered: those edited last. */
const mostShown = 2_000;
const idle = (ms: number) => sleep(ms, undefined, { ref: false });

export function createEdits(options: Options = {}): Edits {
  const { atOnce = 8, apartMs = usualApartMs, now = Date.now, wait = idle } = options;
  const inOrder = createOrder();
  const drawings = new PQueue({ concurrency: atOnce, ...pace });
  const newest = new Map<string, symbol>();
  const shown = new Map<string, Shown>();

  /** ms until the answer may be edited again; a clock that was set back makes it no longer. */
  function leftFor(id: string): number {
    const at = shown.get(id)?.at ?? Number.NEGATIVE_INFINITY;
    return Math.min(at + apartMs - now(), apartMs);
  }

  /** Lets that time go by; false once the card is drawn, or overtaken. */
  async function pause(id: string, mine: symbol): Promise<boolean> {
    while (newest.get(id) === mine) {
      const left = leftFor(id);
      if (left <= 0) return true;
      await wait(left);
    }
    return false;
  }

  async function edited<R>(id: string, edit: () => Promise<R>, look?: string): Promise<R> {
    let known: Pick<Shown, 'look'> = {};
    try {
      const result = await edit();
      known = look === undefined ? {} : { look };
      return result;
    } finally {
      // Put in again, so that the first of them is always the one that was left alone for longest.
      shown.delete(id);
      shown.set(id, { ...known, at: now() });
      for (const oldest of shown.keys()) if (shown.size > mostShown) shown.delete(oldest);
    }
  }

  return {
    make(id, edit) {
      newest.delete(id);
      return inOrder(id, () => edited(id, edit));
    },
    async draw(id, make) {
      const mine = Symbol(id);
      newest.set(id, mine);
      const drawn = async () => {
        // While this card stood in line, another edit may have been made: it is a little early then.
        if (newest.get(id) !== mine || leftFor(id) > 0) return;
        newest.delete(id);
        const drawing = await make();
        if (drawing && drawing.look !== shown.get(id)?.look) await edited(id, drawing.edit, drawing.look);
      };
      while (await pause(id, mine)) await drawings.add(() => inOrder(id, drawn));
    },
  };
}
