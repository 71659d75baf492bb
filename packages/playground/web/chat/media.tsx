import { useState } from 'preact/hooks';
import { useClient, useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';
import { fill } from '../texts.js';

/** A picture or a clip, wherever a message shows it. */
export interface Media {
  readonly url: string;
  /** Its alternative text, or the file's name. */
  readonly name: string;
  readonly isSpoiler: boolean;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Pixels that a picture takes at most, as in Discord. */
const most = { width: 550, height: 400 };

/** Opens in full; a spoiler is uncovered first. */
export function Picture({ media, look = '' }: { readonly media: Media; readonly look?: string }) {
  const { url, name } = media;
  const { store } = useClient();
  const words = useWords();
  const [isHidden, setHidden] = useState(media.isSpoiler);
  // Known before the picture has loaded, so that the layout does not shift.
  const { width = most.width, height = most.height } = media;
  const scale = Math.min(1, most.width / width, most.height / height);
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  if (isHidden)
    return (
      <button type="button" class={`picture spoiler ${look}`} onClick={() => setHidden(false)}>
        <img src={url} alt="" {...size} />
        <span class="spoiler-word">{words.spoiler}</span>
      </button>
    );
  return (
    <button
      type="button"
      class={`picture ${look}`}
      aria-label={fill(words.enlarge, name)}
      onClick={() => store.set({ lightbox: { url, name } })}
    >
      <img src={url} alt={name} {...size} />
    </button>
  );
}

interface ClipProps {
  readonly media: Media;
  readonly look?: string;
  /** Shows a still picture until it is played: there is no room for controls in a gallery. */
  readonly isStill?: boolean;
}

/** Plays in place; a spoiler is uncovered first. */
export function Clip({ media: { url, name, isSpoiler }, look = '', isStill = false }: ClipProps) {
  const words = useWords();
  const [isHidden, setHidden] = useState(isSpoiler);
  const [isWaiting, setWaiting] = useState(isStill);
  if (isHidden)
    return (
      <button type="button" class={`picture spoiler ${look}`} onClick={() => setHidden(false)}>
        <video class="clip" preload="auto" muted src={url} />
        <span class="spoiler-word">{words.spoiler}</span>
      </button>
    );
  if (isWaiting)
    return (
      <button
        type="button"
        class={`picture clip-still ${look}`}
        aria-label={fill(words.play, name)}
        onClick={() => setWaiting(false)}
      >
        <video class="clip" preload="auto" muted src={url} />
        <Icon name="play" />
      </button>
    );
  return (
    // biome-ignore lint/a11y/useMediaCaption: clips have sounds, and no speech that someone wrote down
    <video
      class={`clip ${look}`}
      controls
      playsInline
      preload="auto"
      autoPlay={isStill}
      src={url}
      aria-label={name}
    />
  );
}

/** The page shows nothing from elsewhere. */
export function isOwn(url: string | undefined): url is string {
  return url !== undefined && new URL(url, location.href).origin === location.origin;
}
