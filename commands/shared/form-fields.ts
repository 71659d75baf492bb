import type { Chosen } from '../../src/discord/input/inline-options.js';
import { UserError } from '../../src/errors.js';
import type { Kind } from '../../src/mps/generation-request.js';

/** What stands in the field for a length, a size or a ratio. */
export function measureOf({ duration, size, aspectRatio }: Chosen): string {
  return duration?.toString() ?? size ?? aspectRatio ?? '';
}

/** Without options that have their own field, and without defaults. */
export function withoutFields(chosen: Chosen, kind: Kind): Chosen {
  const { model: _model, duration: _duration, size, aspectRatio, enhance, ...rest } = chosen;
  const ratio = kind === 'image' && size === undefined ? undefined : aspectRatio;
  const unusual = enhance === (kind === 'image') ? undefined : enhance;
  return {
    ...rest,
    ...(ratio !== undefined && { aspectRatio: ratio }),
    ...(unusual !== undefined && { enhance: unusual }),
  };
}

/** @throws UserError if it is neither seconds nor a size nor a ratio. */
export function readMeasure(kind: Kind, written: string): Chosen {
  const measure = written.trim().replace(/：/g, ':').replace(/\s/g, '');
  if (measure === '') return {};
  if (kind === 'video') {
    const [, seconds] = /^(\d{1,3})(?:s|秒)?$/i.exec(measure) ?? [];
    if (seconds !== undefined) return { duration: Number(seconds) };
    throw new UserError({ key: 'form.seconds', params: { asked: written } });
  }
  if (/^\d{1,2}:\d{1,2}$/.test(measure)) return { aspectRatio: measure };
  if (/^\d+[x×*]\d+$/i.test(measure)) return { size: measure.replace(/[×*]/, 'x') };
  throw new UserError({ key: 'form.size', params: { asked: written } });
}
