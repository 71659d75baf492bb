import PQueue from 'p-queue';
import { createOrder } from '../store/order.js';

/** Edits of answers, by the event that asked. Those of one answer happen one after the other, or a late "painting" would overwrite the picture. */
export interface Edits {
  /** An edit that must be. Cards of this answer that still wait to be drawn are overtaken by it. */
  make<R>(id: string, edit: () => Promise<R>): Promise<R>;
  /**
   * An edit for the eye. It waits until there is room, and does not happen where a newer one comes first.
   * @throws what `edit` throws.
   */
  draw(id: string, edit: () => Promise<void>): Promise<void>;
}

interface Options {
  /** Cards drawn at once. */
  readonly atOnce?: number;
}

/**
 * Cards are drawn at 50 a second at most, as many as Discord lets a bot send of all else: hundreds must not hold up
 * acknowledgements, which are due in 3 s, nor creates and results. A card that is overtaken while it waits costs nothing.
 */
const pace = { intervalCap: 10, interval: 200 };

export function createEdits({ atOnce = 8 }: Options = {}): Edits {
  const inOrder = createOrder();
  const drawings = new PQueue({ concurrency: atOnce, ...pace });
  const newest = new Map<string, symbol>();

  return {
    make(id, edit) {
      newest.delete(id);
      return inOrder(id, edit);
    },
    async draw(id, edit) {
      const mine = Symbol(id);
      newest.set(id, mine);
      await drawings.add(() =>
        inOrder(id, async () => {
          if (newest.get(id) !== mine) return;
          newest.delete(id);
          await edit();
        }),
      );
    },
  };
}
