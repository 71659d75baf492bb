import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type StickerUpload, toUpload } from '../api.js';
import { useClient, useSeen, useWords } from '../client-context.js';
import { focusOn } from '../focus.js';
import { Icon } from '../shell/icons.js';

/** px of a side; Discord docs: Sticker Resource. */
const side = 320;

/** Stickers to try, as SVG within 320 × 320. */
const drawings = {
  Fox: `<path d="M40 40l70 60h100l70-60-20 130-100 110L60 170Z" fill="#e2703a"/>
<path d="M60 170l70 20 30 90ZM260 170l-70 20-30 90Z" fill="#fff4e6"/>
<circle cx="120" cy="150" r="14"/><circle cx="200" cy="150" r="14"/><circle cx="160" cy="256" r="18"/>`,
  Moon: `<circle cx="160" cy="160" r="130" fill="#1b2a5a"/>
<path d="M200 70a100 100 0 1 0 50 140 90 90 0 0 1-50-140Z" fill="#f4f1de"/>`,
  Sprout: `<path d="M60 210h200l-30 90H90Z" fill="#b8657a"/><path d="M160 210v-80" stroke="#2a9d8f" stroke-width="16"/>
<path d="M160 130C60 130 50 60 50 40c80 0 110 40 110 90ZM160 110c0-50 40-80 110-80 0 60-40 90-110 80Z" fill="#2a9d8f"/>`,
};

/** A button with stickers behind it; one click sends one. */
export function Stickers() {
  const client = useClient();
  const words = useWords();
  const replyTo = useSeen((state) => state.replyTo);
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    focusOn(box.current?.querySelector('[role=menuitem]'));
    const leave = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, [isOpen]);

  async function post(name: string, drawing: string): Promise<void> {
    setOpen(false);
    const stickers = [await toSticker(name, drawing)];
    const more = { stickers, ...(replyTo ? { replyTo: replyTo.id } : {}) };
    if (await client.attempt(api.send(client.userContext(), '', more)))
      client.store.set({ replyTo: undefined });
  }

  return (
    <div class="stickers" ref={box}>
      <button
        type="button"
        class="tool"
        aria-label={words.stickers}
        title={words.stickers}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="sticker" />
      </button>
      {isOpen && (
        <StickerMenu close={() => setOpen(false)} choose={(name, drawing) => void post(name, drawing)} />
      )}
    </div>
  );
}

interface MenuProps {
  readonly close: () => void;
  readonly choose: (name: string, drawing: string) => void;
}

function StickerMenu({ close, choose }: MenuProps) {
  const words = useWords();
  return (
    <div
      class="stickers-list"
      role="menu"
      tabIndex={-1}
      aria-label={words.stickers}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      {Object.entries(drawings).map(([name, drawing]) => (
        <button
          key={name}
          type="button"
          role="menuitem"
          class="stickers-one"
          title={name}
          onClick={() => choose(name, drawing)}
        >
          <img src={addressOf(drawing)} alt={name} width={64} height={64} />
        </button>
      ))}
    </div>
  );
}

function addressOf(drawing: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${drawing}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Discord takes no SVG: drawn as PNG. */
async function toSticker(name: string, drawing: string): Promise<StickerUpload> {
  const image = new Image(side, side);
  image.src = addressOf(drawing);
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  const { base64 } = await toUpload(new File([blob ?? ''], `${name}.png`));
  return { name, format: 'png', base64 };
}
