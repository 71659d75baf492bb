import type { Place } from '../../src/page/wire.js';
import { useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';
import type { Call } from './command-entries.js';
import { filesIn } from './file-picker.js';
import { MoreOptions } from './more-options.js';
import { OptionField } from './option-field.js';
import { useCommandForm } from './use-command-form.js';
import { useDrop } from './use-drop.js';

interface Props {
  readonly call: Call;
  readonly place: Place;
  readonly leave: () => void;
}

/** A command with its options as fields; mistakes are shown before anything is sent. */
export function CommandBar({ call, place, leave }: Props) {
  const { entry } = call;
  const words = useWords();
  const form = useCommandForm(call, place, leave);
  const isOver = useDrop(form.takeFiles);
  const submit = () => void form.submit();
  return (
    <>
      {isOver && <p class="drop-hint">{words.dropHere}</p>}
      <div class="composer-box command" ref={form.box} onPaste={(event) => form.takeFiles(filesIn(event))}>
        <div class="command-fields">
          <button type="button" class="command-name" title={words.leaveCommand} onClick={leave}>
            /{entry.label}
          </button>
          {form.shown.map((option) => (
            <OptionField
              key={option.name}
              option={option}
              command={entry.name}
              filled={form.filledOf(option)}
              rows={form.rowsFor(option)}
              problem={form.problemOf(option)}
              context={form.context}
              onChange={(filled) => form.change(option, filled)}
              onFiles={form.takeFiles}
              onRemove={() => form.remove(option)}
              onSubmit={submit}
              onLeave={leave}
            />
          ))}
          <MoreOptions title={`/${entry.label}`} options={form.others} add={form.add} leave={leave} />
        </div>
        <button
          type="button"
          class="tool composer-send"
          aria-label={`${words.send}: /${entry.label}`}
          onClick={submit}
          onKeyDown={(event) => ['Escape', 'Backspace'].includes(event.key) && leave()}
        >
          <Icon name="send" />
        </button>
      </div>
    </>
  );
}
