import type { User } from '../../src/page/wire.js';
import { useSeen, useWords } from '../client-context.js';
import { localName } from '../localized-names.js';
import { Avatar } from '../shell/avatar.js';
import { type Call, type Entry, matching } from './command-entries.js';
import type { ListItem } from './suggestion-list.js';

/** The suggestions above the composer. */
export interface Offers {
  readonly title: string;
  readonly items: readonly ListItem[];
  readonly pick: (index: number) => void;
}

interface Writing {
  readonly entries: readonly Entry[];
  readonly begin: (call: Call) => void;
  readonly text: string;
  readonly files: readonly File[];
  readonly change: (text: string) => void;
}

/** The suggestions that the end of a text asks for: commands, or users. */
export function useOffers({ text, entries, files, change, begin }: Writing): Offers | undefined {
  const words = useWords();
  const users = useSeen(({ world }) => world?.users) ?? [];
  const bot = useSeen(({ world }) => world?.users.find(({ id }) => id === world.botId));
  if (text.startsWith('/') && !text.includes('\n')) {
    const found = matching(entries, text.slice(1));
    const items = found.map((entry) => ({ key: entry.name, content: <CommandRow entry={entry} /> }));
    const pick = (index: number): void => {
      const entry = found[index];
      if (entry) begin({ entry, values: {}, files });
    };
    return found.length > 0 ? { title: `${bot?.name ?? ''} · ${words.commands}`, items, pick } : undefined;
  }
  const [, typed] = /(?:^|\s)@([\p{L}\p{N}_]*)$/u.exec(text) ?? [];
  if (typed === undefined) return undefined;
  const found = named(users, typed);
  const items = found.map((user) => ({ key: user.id, content: <UserRow user={user} /> }));
  const pick = (index: number): void =>
    change(`${text.slice(0, text.length - typed.length)}${found[index]?.username ?? typed} `);
  return found.length > 0 ? { title: words.members, items, pick } : undefined;
}

/** Users whose name starts so, bots first. */
function named(users: readonly User[], typed: string): readonly User[] {
  const start = typed.toLowerCase();
  return users
    .filter(({ name, username }) => [name, username].some((each) => each.toLowerCase().startsWith(start)))
    .sort((a, b) => Number(b.bot) - Number(a.bot));
}

function UserRow({ user }: { readonly user: User }) {
  return (
    <>
      <Avatar user={user} size="small" />
      <span class="suggestion-name">{user.name}</span>
      <span class="suggestion-text">{user.username}</span>
    </>
  );
}

function CommandRow({ entry }: { readonly entry: Entry }) {
  const bot = useSeen(({ world }) => world?.users.find(({ id }) => id === world.botId));
  const locale = useSeen(({ world }) => world?.me.locale ?? 'en-US');
  return (
    <>
      <Avatar user={bot} size="small" />
      <span class="suggestion-main">
        <span class="suggestion-name">
          /{entry.label}
          {entry.options
            .filter(({ required }) => required)
            .map((option) => (
              <span key={option.name} class="suggestion-option">
                {localName(option, locale)}
              </span>
            ))}
        </span>
        <span class="suggestion-text">{entry.description}</span>
      </span>
      <span class="suggestion-side">{bot?.name}</span>
    </>
  );
}
