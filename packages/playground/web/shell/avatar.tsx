import type { Person } from '../../src/page/wire.js';
import botPicture from '../icon.svg';

const hues = 6;

/** A person's picture: the first letter of their name, in a colour of their own. The bot's is its sign. */
export function Avatar({
  person,
  size = 'large',
}: {
  readonly person: Person | undefined;
  readonly size?: 'large' | 'small' | 'tiny';
}) {
  if (person?.bot) return <img class={`avatar avatar-${size}`} src={botPicture} alt="" />;
  const name = person?.name ?? '?';
  return (
    <span class={`avatar avatar-${size} hue-${hueOf(person?.username ?? name)}`} aria-hidden="true">
      {[...name][0]}
    </span>
  );
}

function hueOf(name: string): number {
  return [...name].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7) % hues;
}
