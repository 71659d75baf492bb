import { useEffect, useState } from 'preact/hooks';
import { useClient, useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';
import { fill } from '../texts.js';
import { sizeOf } from '../time-format.js';

interface Props {
  readonly id: string;
  readonly files: readonly File[];
  readonly most: number;
  /** Bytes for each. */
  readonly limit: number;
  readonly label: string;
  readonly onChange: (files: readonly File[]) => void;
}

/** Takes files by drop, paste and picker, and shows them. */
export function FilePicker({ id, files, most, limit, label, onChange }: Props) {
  const client = useClient();
  const words = useWords();
  const [isOver, setOver] = useState(false);
  const add = (more: readonly File[]): void => {
    const large = more.find(({ size }) => size > limit);
    if (large) client.store.set({ notice: fill(words.tooLarge, large.name, sizeOf(limit)) });
    onChange([...files, ...more.filter(({ size }) => size <= limit)].slice(-most));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div
      role="group"
      aria-label={label}
      class={isOver ? 'file-picker file-picker-over' : 'file-picker'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        add([...(event.dataTransfer?.files ?? [])]);
      }}
      onPaste={(event) => add(filesIn(event))}
    >
      {files.map((file, index) => (
        <FileChip
          key={`${index}${file.name}`}
          file={file}
          onRemove={() => onChange(files.filter((each) => each !== file))}
        />
      ))}
      {files.length < most && (
        <label class="file-drop" for={id}>
          <Icon name="plus" /> {label}
          <input
            id={id}
            type="file"
            multiple={most > 1}
            onChange={(event) => {
              add([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
            }}
          />
        </label>
      )}
    </div>
  );
}

/** A file that is about to be sent: its picture, if it is one, its name, its size. */
export function FileChip({ file, onRemove }: { readonly file: File; readonly onRemove: () => void }) {
  const words = useWords();
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!file.type.startsWith('image/')) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return (
    <span class="file-chip">
      {url ? <img src={url} alt="" /> : <Icon name="file" />}
      <span class="file-chip-text">
        <span class="file-chip-name">{file.name}</span>
        <small>{sizeOf(file.size)}</small>
      </span>
      <button type="button" class="tool" aria-label={fill(words.removeFile, file.name)} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </span>
  );
}

/** The files of a paste. */
export function filesIn(event: ClipboardEvent): readonly File[] {
  return [...(event.clipboardData?.files ?? [])];
}
