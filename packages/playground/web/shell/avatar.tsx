import type { User } from '../../src/page/wire.js';
import botPicture from '../icon.svg';

const hues = 6;

/** A user's picture: the first letter of their name, in a colour of their own. The bot's is its sign. */
export function Avatar({
  user,
  size = 'large',
}: {
  readonly user: User | undefined;
  readonly size?: 'large' | 'small' | 'tiny';
}) {
  if (user?.bot) return <img class={`avatar avatar-${size}`} src={botPicture} alt="" />;
  const name = user?.name ?? '?';
  return (
    <span class={`avatar avatar-${size} hue-${hueOf(user?.username ?? name)}`} aria-hidden="true">
      {[...name][0]}
    </span>
  );
}

function hueOf(name: string): number {
  return [...name].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7) % hues;
}
