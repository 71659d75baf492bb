import type { Config } from '../../config/config.js';
import type { GuildSettings } from '../../guilds/settings.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import type { Kind } from '../../mps/generation-request.js';
import type { StyleBook } from '../../presets/style-book.js';
import { isOn } from './guild-policy.js';

/** What the operator offers; commands hide options that no available model can use. */
export interface Offer {
  readonly config: Pick<Config, 'image' | 'video' | 'additionalParameters'>;
  readonly catalogue: Catalogue;
  /**
   * The styles for a user in a place, and the user's own defaults.
   * @default none
   */
  readonly styles?: StyleBook;
}

/** A guild's settings about models. */
export type Wishes = Pick<GuildSettings, 'imageModel' | 'videoModel' | 'duration' | 'modelsOff'>;

/**
 * The operator's offer as seen by a guild: without disabled models, and with the guild's defaults. A default that is
 * gone or disabled falls back to the operator's, and that to the first available model.
 */
export function offerIn({ catalogue: all, config }: Offer, wishes: Wishes): Offer {
  const catalogue = catalogueIn(all, wishes);
  const usual = (kind: Kind, wanted: string | undefined) =>
    [wanted, config[kind].model].map((name) => name && catalogue.find(kind, name)?.id).find(Boolean) ??
    catalogue.list(kind)[0]?.id ??
    config[kind].model;
  return {
    catalogue,
    config: {
      ...config,
      image: { ...config.image, model: usual('image', wishes.imageModel) },
      video: {
        ...config.video,
        model: usual('video', wishes.videoModel),
        duration: wishes.duration ?? config.video.duration,
      },
    },
  };
}

/** The models that a guild hasn't disabled. */
export function catalogueIn(all: Catalogue, wishes: Pick<Wishes, 'modelsOff'>): Catalogue {
  const lists = {
    image: all.list('image').filter(({ id }) => isOn(wishes, 'image', id)),
    video: all.list('video').filter(({ id }) => isOn(wishes, 'video', id)),
  };
  return {
    ...all,
    list: (kind) => lists[kind],
    find(kind, text) {
      const model = all.find(kind, text);
      return model && isOn(wishes, kind, model.id) ? model : undefined;
    },
  };
}
