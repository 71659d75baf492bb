import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type FieldValue, toUpload } from '../api.js';
import { useClient, useSeen, useWords } from '../client-context.js';
import botPicture from '../icon.svg';
import type { OpenModal } from '../store.js';
import { fieldsOf, type Given, isFiles, ModalField, problemOf, startValue } from './modal-field.js';

/** The form that the bot opened, if any. */
export function Modal() {
  const modal = useSeen((state) => state.modal);
  return modal ? <ModalForm key={modal.interactionId} modal={modal} /> : null;
}

function ModalForm({ modal }: { readonly modal: OpenModal }) {
  const client = useClient();
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const fields = fieldsOf(modal.components);
  const [given, setGiven] = useState<Readonly<Record<string, Given>>>(() =>
    Object.fromEntries(fields.map(({ control }) => [control.custom_id ?? '', startValue(control)])),
  );
  const [isTried, setTried] = useState(false);
  const [isSending, setSending] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const close = (): void => client.store.set({ modal: undefined });

  async function submit(): Promise<void> {
    setTried(true);
    if (fields.some(({ control }) => problemOf(control, given[control.custom_id ?? ''], words))) return;
    setSending(true);
    const values = await Promise.all(
      Object.entries(given).map(async ([id, value]): Promise<[string, FieldValue]> => {
        return [id, isFiles(value) ? await Promise.all(value.files.map(toUpload)) : (value ?? '')];
      }),
    );
    const work = api.modal(client.userContext(), modal.interactionId, Object.fromEntries(values));
    if (await client.begin(work, { name: modal.title, messageId: '' })) close();
    else setSending(false);
  }

  return (
    <dialog class="modal" ref={dialog} aria-labelledby="modal-title" onClose={close}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header>
          <img class="avatar avatar-small" src={botPicture} alt="" />
          <h2 id="modal-title">{modal.title}</h2>
        </header>
        <p class="modal-hint">{words.notTrusted}</p>
        <div class="modal-fields">
          {fields.map((field) => {
            const id = field.control.custom_id ?? '';
            return (
              <ModalField
                key={id}
                field={field}
                value={given[id]}
                problem={isTried ? problemOf(field.control, given[id], words) : undefined}
                onChange={(value) => setGiven((before) => ({ ...before, [id]: value }))}
              />
            );
          })}
        </div>
        <footer>
          <button type="button" class="button button-secondary" onClick={close}>
            {words.cancel}
          </button>
          <button type="submit" class="button button-primary" disabled={isSending}>
            {words.submit}
          </button>
        </footer>
      </form>
    </dialog>
  );
}
