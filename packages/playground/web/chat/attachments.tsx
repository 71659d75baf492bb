import type { Attachment, Held } from '../../src/page/wire.js';
import { Icon } from '../shell/icons.js';
import { sizeOf } from '../time-format.js';
import { Clip, type Media, Picture } from './media.js';

/** A message's files: pictures that open, clips that play, others by name. */
export function Files({ held }: { readonly held: Held }) {
  const pictures = held.attachments.filter(isPicture);
  const others = held.attachments.filter((file) => !isPicture(file));
  return (
    <>
      {pictures.length > 0 && (
        <div class={`pictures pictures-${Math.min(pictures.length, 4)}`}>
          {pictures.map((file) => (
            <Picture key={file.id} media={mediaOf(file)} />
          ))}
        </div>
      )}
      {others.map((file) =>
        file.contentType?.startsWith('video/') ? (
          <Clip key={file.id} media={mediaOf(file)} />
        ) : (
          <OtherFile key={file.id} name={file.filename} {...file} />
        ),
      )}
    </>
  );
}

function isPicture({ contentType, width }: Attachment): boolean {
  return width !== undefined && /^image\/(png|jpeg|gif|webp|avif)$/.test(contentType ?? '');
}

/** Discord docs: an attachment is a spoiler if its name begins so. */
function mediaOf({ filename, description, ...file }: Attachment): Media {
  return { ...file, name: description || filename, isSpoiler: filename.startsWith('SPOILER_') };
}

interface OtherFileProps {
  readonly url: string;
  readonly name: string;
  /** Bytes. */
  readonly size?: number | undefined;
}

/** A file by its name, to be opened elsewhere. */
export function OtherFile({ url, name, size }: OtherFileProps) {
  return (
    <a class="file" href={url} target="_blank" rel="noreferrer noopener">
      <Icon name="file" />
      <span class="file-name">{name}</span>
      {size !== undefined && <span class="file-size">{sizeOf(size)}</span>}
    </a>
  );
}
