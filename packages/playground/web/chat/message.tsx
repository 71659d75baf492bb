import { useRef } from 'preact/hooks';
import type { Command, Held, Message } from '../../src/page/wire.js';
import { useClient, useSeen, useUser, useWords } from '../client-context.js';
import { entriesOf } from '../compose/command-entries.js';
import { localName } from '../localized-names.js';
import { Avatar } from '../shell/avatar.js';
import { Icon } from '../shell/icons.js';
import { fill } from '../texts.js';
import { clockOf, momentOf } from '../time-format.js';
import { Files } from './attachments.js';
import { EditBox } from './edit-box.js';
import { Embeds } from './embeds.js';
import { Markdown, Preview } from './markdown/markdown.js';
import { MessageComponents } from './message-components.js';
import { MessageTools } from './message-menu.js';
import { Dots } from './pending-commands.js';

interface Props {
  readonly message: Message;
  /** Goes under the head of the one before it. */
  readonly isFollowing: boolean;
}

/** One message: author, text, files, components. */
export function MessageView({ message, isFollowing }: Props) {
  const author = useUser(message.authorId);
  const me = useSeen(({ world }) => world?.me);
  const isEditing = useSeen(({ editing }) => editing === message.id);
  const menu = useRef<{ open(x: number, y: number): void }>(null);
  const names = me !== undefined && (message.notified.includes(me.id) || message.mentions.includes(me.id));
  const classes = ['message'];
  if (isFollowing) classes.push('message-following');
  if (message.ephemeral) classes.push('message-ephemeral');
  else if (names && message.authorId !== me.id) classes.push('message-mentions');
  return (
    <article
      class={classes.join(' ')}
      data-id={message.id}
      aria-label={author?.name ?? ''}
      onContextMenu={(event) => {
        if (event.target instanceof Element && event.target.closest('a, video, input, textarea')) return;
        event.preventDefault();
        menu.current?.open(event.clientX, event.clientY);
      }}
    >
      <Above message={message} />
      {isFollowing ? (
        <time class="message-clock" dateTime={new Date(message.createdAt).toISOString()}>
          {clockOf(message.createdAt, me?.locale ?? 'en-US')}
        </time>
      ) : (
        <div class="message-avatar">
          <Avatar user={author} />
        </div>
      )}
      <div class="message-main">
        {!isFollowing && <Head message={message} />}
        {isEditing ? <EditBox message={message} /> : <Body message={message} />}
        {message.ephemeral && <OnlyYou message={message} />}
      </div>
      {!message.loading && <MessageTools message={message} handle={menu} />}
    </article>
  );
}

function Head({ message }: { readonly message: Message }) {
  const words = useWords();
  const author = useUser(message.authorId);
  const locale = useSeen(({ world }) => world?.me.locale ?? 'en-US');
  return (
    <p class="message-head">
      <span class={author?.bot ? 'author author-bot' : 'author'}>{author?.name ?? '?'}</span>
      {author?.bot && <span class="tag">{words.app}</span>}
      <time dateTime={new Date(message.createdAt).toISOString()}>
        {momentOf(message.createdAt, Date.now(), locale, words)}
      </time>
    </p>
  );
}

function Body({ message }: { readonly message: Message }) {
  const words = useWords();
  const author = useUser(message.authorId);
  if (message.loading)
    return (
      <p class="thinking">
        <Dots /> {fill(words.thinking, author?.name ?? '')}
      </p>
    );
  return (
    <>
      {message.forwarded && <Forwarded snapshots={message.snapshots} />}
      <div class="message-text">
        <Markdown source={message.content} />
        {message.editedAt !== undefined && message.content !== '' && !author?.bot && (
          <span class="edited">{words.edited}</span>
        )}
      </div>
      <Files held={message} />
      <Embeds held={message} />
      <MessageComponents message={message} />
    </>
  );
}

function Forwarded({ snapshots }: { readonly snapshots: readonly Held[] }) {
  const words = useWords();
  return (
    <div class="forwarded">
      <p class="forwarded-head">
        <Icon name="forward" /> {words.forwarded}
      </p>
      {snapshots.map((held, index) => (
        <div key={`${index}${held.content}`} class="message-text">
          <Markdown source={held.content} />
          <Files held={held} />
          <Embeds held={held} />
        </div>
      ))}
    </div>
  );
}

/** Its subject: a message, or a command. */
function Above({ message }: { readonly message: Message }) {
  if (message.replyTo !== undefined) return <Answered message={message} id={message.replyTo} />;
  if (message.asked) return <Asked {...message.asked} />;
  return null;
}

function Asked({ userId, name }: { readonly userId: string; readonly name: string }) {
  const words = useWords();
  const user = useUser(userId);
  const label = useSeen(({ commands, world }) => labelOf(commands, name, world?.me.locale ?? 'en-US'));
  return (
    <div class="message-above">
      <Avatar user={user} size="tiny" />
      <span class="message-asker">{user?.name}</span> {words.used} <span class="mention">{label}</span>
    </div>
  );
}

/** A command as its user's client lists it: `/gallery`, or a menu's entry. */
function labelOf(commands: readonly Command[], name: string, locale: string): string {
  const entry = commands.find((each) => each.type === 3 && each.name === name);
  if (entry) return localName(entry, locale);
  return `/${entriesOf(commands, locale).find((each) => each.name === name)?.label ?? name}`;
}

/** @param id of the message that is answered */
function Answered({ message, id }: { readonly message: Message; readonly id: string }) {
  const { channelId, notified } = message;
  const client = useClient();
  const words = useWords();
  const target = useSeen(({ messages }) => messages[channelId]?.find((message) => message.id === id));
  const user = useUser(target?.authorId);
  const rings = target !== undefined && notified.includes(target.authorId);
  if (!target)
    return (
      <div class="message-above">
        <Icon name="reply" /> <em>{words.replyGone}</em>
      </div>
    );
  const jump = (): void => void client.jump({ guildId: undefined, channelId, messageId: id });
  const holds = [...target.attachments, ...target.embeds, ...target.stickers].length > 0;
  return (
    <div class="message-above">
      <Avatar user={user} size="tiny" />
      <span class="message-asker">{`${rings ? '@' : ''}${user?.name ?? ''}`}</span>
      <button type="button" class="message-quoted" onClick={jump}>
        {target.content === '' ? <em>{words.replyFile}</em> : <Preview source={target.content} />}
      </button>
      {holds && <Icon name="image" />}
    </div>
  );
}

function OnlyYou({ message }: { readonly message: Message }) {
  const client = useClient();
  const words = useWords();
  const dismiss = (): void =>
    client.store.set(({ messages }) => ({
      messages: {
        ...messages,
        [message.channelId]: (messages[message.channelId] ?? []).filter(({ id }) => id !== message.id),
      },
    }));
  return (
    <p class="only-you">
      <Icon name="eye" /> {words.onlyYou} ·{' '}
      <button type="button" class="link" onClick={dismiss}>
        {words.dismiss}
      </button>
    </p>
  );
}
