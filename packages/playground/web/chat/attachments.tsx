import { useState } from 'preact/hooks';
import type { Attachment, Held } from '../../src/page/wire.js';
import { useClient, useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';
import { fill } from '../texts.js';
import { sizeOf } from '../time-format.js';

/** A message's files: pictures that open, clips that play, others by name. */
export function Files({ held }: { readonly held: Held }) {
  const pictures = held.attachments.filter(isPicture);
  const others = held.attachments.filter((file) => !isPicture(file));
  return (
    <>
      {pictures.length > 0 && (
        <div class={`pictures pictures-${Math.min(pictures.length, 4)}`}>
          {pictures.map((file) => (
            <Picture key={file.id} file={file} />
          ))}
        </div>
      )}
      {others.map((file) =>
        file.contentType?.startsWith('video/') ? (
          <Clip key={file.id} file={file} />
        ) : (
          <OtherFile key={file.id} file={file} />
        ),
      )}
    </>
  );
}

function isPicture({ contentType, width }: Attachment): boolean {
  return width !== undefined && /^image\/(png|jpeg|gif|webp|avif)$/.test(contentType ?? '');
}

/** Pixels that a picture takes at most, as in Discord. */
const most = { width: 550, height: 400 };

function Picture({ file }: { readonly file: Attachment }) {
  const { url, filename, description } = file;
  const { store } = useClient();
  const words = useWords();
  const name = description || filename;
  const [isHidden, setHidden] = useState(isSpoiler(file));
  // Known before the picture has loaded, so that the layout does not shift.
  const { width = most.width, height = most.height } = file;
  const scale = Math.min(1, most.width / width, most.height / height);
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  if (isHidden)
    return (
      <button type="button" class="picture spoiler" onClick={() => setHidden(false)}>
        <img src={url} alt="" {...size} />
        <span class="spoiler-word">{words.spoiler}</span>
      </button>
    );
  return (
    <button
      type="button"
      class="picture"
      aria-label={fill(words.enlarge, name)}
      onClick={() => store.set({ lightbox: { url, name } })}
    >
      <img src={url} alt={name} {...size} />
    </button>
  );
}

/** Discord docs: an attachment is a spoiler if its name begins so. */
function isSpoiler({ filename }: Attachment): boolean {
  return filename.startsWith('SPOILER_');
}

function Clip({ file }: { readonly file: Attachment }) {
  const { url, filename, description } = file;
  const words = useWords();
  const [isHidden, setHidden] = useState(isSpoiler(file));
  if (isHidden)
    return (
      <button type="button" class="picture spoiler" onClick={() => setHidden(false)}>
        <video class="clip" preload="auto" muted src={url} />
        <span class="spoiler-word">{words.spoiler}</span>
      </button>
    );
  return (
    // biome-ignore lint/a11y/useMediaCaption: clips have sounds, and no speech that someone wrote down
    <video class="clip" controls playsInline preload="auto" src={url} aria-label={description || filename} />
  );
}

function OtherFile({ file: { url, filename, size } }: { readonly file: Attachment }) {
  return (
    <a class="file" href={url} target="_blank" rel="noreferrer noopener">
      <Icon name="file" />
      <span class="file-name">{filename}</span>
      <span class="file-size">{sizeOf(size)}</span>
    </a>
  );
}
