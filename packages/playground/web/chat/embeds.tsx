import type { Embed, Held } from '../../src/page/wire.js';
import { useClient, useWords } from '../client-context.js';
import { fill } from '../texts.js';
import { Address } from './markdown/address.js';
import { Markdown } from './markdown/markdown.js';
import { isOwn } from './media.js';

/** A message's embeds and stickers, drawn simply. */
export function Embeds({ held: { embeds, stickers } }: { readonly held: Held }) {
  return (
    <>
      {embeds.map((embed, index) => (
        // Embeds have no names but their place.
        <EmbedView key={`${index}${embed.url}`} embed={embed} />
      ))}
      {stickers.map(({ id, name, url }) =>
        url === undefined ? (
          <p key={id} class="md-subtext">
            {name}
          </p>
        ) : (
          <img key={id} class="sticker" src={url} alt={name} title={name} width={160} height={160} />
        ),
      )}
    </>
  );
}

function EmbedView({ embed }: { readonly embed: Embed }) {
  const { url, title, description, author, footer, image, thumbnail } = embed;
  const [picture] = [image, thumbnail].filter(isOwn);
  const isBare = [title, description, author, footer].every((part) => part === undefined);
  const drawn = picture !== undefined && <EmbedPicture url={picture} name={title ?? nameOf(picture)} />;
  if (isBare) return drawn || null;
  return (
    <section class="embed">
      {author && <p class="embed-small">{author}</p>}
      {title && (
        <p class="embed-title">
          {url && /^https?:\/\//.test(url) ? <Address target={url}>{title}</Address> : title}
        </p>
      )}
      {description && <Markdown source={description} />}
      {drawn}
      {footer && <p class="embed-small">{footer}</p>}
    </section>
  );
}

function nameOf(url: string): string {
  return decodeURIComponent(new URL(url, location.href).pathname.split('/').at(-1) ?? '');
}

function EmbedPicture({ url, name }: { readonly url: string; readonly name: string }) {
  const { store } = useClient();
  const words = useWords();
  return (
    <button
      type="button"
      class="picture embed-picture"
      aria-label={fill(words.enlarge, name)}
      onClick={() => store.set({ lightbox: { url, name } })}
    >
      <img src={url} alt={name} />
    </button>
  );
}
