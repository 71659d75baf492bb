import { UserError } from '../../../errors.js';
import type { VideoModel } from '../../../mps/catalogue/catalogue.js';
import { durationsAt } from '../../../mps/catalogue/modes.js';
import type { VideoRequest } from '../../../mps/generation-request.js';

interface Room {
  readonly model: VideoModel;
  /** Seconds that the order adds. */
  readonly added: number;
  /** Longest clip that parts are joined to, seconds (EXTEND_MAX_SECONDS); absent: clips can't be extended. */
  readonly max: number | undefined;
}

/** @throws UserError if clips can't be extended here, or the whole would be too long, with what the model can still add */
export function requireRoom(
  { resolution, extends: { seconds = 0 } = {} }: Pick<VideoRequest, 'resolution' | 'extends'>,
  { model, added, max }: Room,
): void {
  if (max === undefined) throw new UserError({ key: 'error.extend.off' });
  const before = Math.round(seconds);
  const room = max - before;
  if (added <= room) return;
  if (room <= 0) throw new UserError({ key: 'error.extend.full', params: { seconds: before, max } });
  const possible = durationsAt(model, resolution);
  const fitting = possible.filter((one) => one <= room);
  if (fitting.length === 0) {
    const min = Math.min(added, ...possible);
    throw new UserError({
      key: 'error.extend.room',
      params: { seconds: before, max, model: model.label, min },
    });
  }
  const params = { added, whole: before + added, max, use: Math.max(...fitting) };
  throw new UserError({ key: 'problem.extends.tooLong', params });
}
