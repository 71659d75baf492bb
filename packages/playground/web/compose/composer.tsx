import { useState } from 'preact/hooks';
import type { Place } from '../../src/page/wire.js';
import { useSeen, useWords } from '../client-context.js';
import { CommandBar } from './command-bar.js';
import { type Call, entriesOf } from './command-entries.js';
import { MessageBar } from './message-bar.js';

/** The input line: a message, or a command with its options. */
export function Composer({ place }: { readonly place: Place }) {
  const words = useWords();
  const [call, setCall] = useState<Call>();
  const commands = useSeen((state) => state.commands);
  const locale = useSeen(({ world }) => world?.me.locale ?? 'en-US');
  const entries = entriesOf(commands, locale);
  if (!place.mayWrite)
    return (
      <div class="composer">
        <p class="composer-shut">{words.noWriting}</p>
      </div>
    );
  return (
    <div class="composer">
      {call ? (
        <CommandBar key={call.entry.name} call={call} place={place} leave={() => setCall(undefined)} />
      ) : (
        <MessageBar place={place} entries={entries} begin={setCall} />
      )}
    </div>
  );
}
