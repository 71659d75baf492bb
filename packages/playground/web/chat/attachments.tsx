import type { Attachment, Held } from '../../src/page/wire.js';
import { useDesk, useWords } from '../context.js';
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

function Picture({ file: { url, filename, description, width, height } }: { readonly file: Attachment }) {
  const { store } = useDesk();
  const words = useWords();
  const name = description || filename;
  return (
    <button
      type="button"
      class="picture"
      aria-label={fill(words.enlarge, name)}
      onClick={() => store.set({ lightbox: { url, name } })}
    >
      <img src={url} alt={name} width={width} height={height} />
    </button>
  );
}

function Clip({ file: { url, filename, description } }: { readonly file: Attachment }) {
  return (
    // biome-ignore lint/a11y/useMediaCaption: clips have sounds, and no speech that somebody wrote down
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
