import { type APIButtonComponentWithCustomId, ButtonStyle, ComponentType } from 'discord.js';
import { type Locale, text } from '../../../locales/index.js';
import type { Kind } from '../../../mps/generation-request.js';
import { controlId } from '../../views/custom-ids.js';
import { drawPanel, type PanelCard } from '../../views/message.js';

export interface GreetingView {
  readonly locale: Locale;
  /** Kinds that are switched on. */
  readonly kinds: readonly Kind[];
  /** A command as a clickable mention. */
  readonly mentionOf: (command: string) => string;
}

/** What the buttons under a greeting do. */
export const greetingControls = ['try', 'setup', 'rules'] as const;

/** What Easel does, in two lines, and where to begin. Pure. */
export function drawGreeting({ locale, kinds, mentionOf }: GreetingView): PanelCard {
  const [first, second] = kinds;
  const params = {
    order: mentionOf(first === 'video' ? 'animate' : 'imagine'),
    help: mentionOf('help'),
  };
  const what = second === undefined ? (`greeting.${first ?? 'image'}` as const) : 'greeting.both';
  const lines = [`**${text(locale, what)}**`, text(locale, 'greeting.how', params)];
  const components = greetingControls.map(
    (control, at): APIButtonComponentWithCustomId => ({
      type: ComponentType.Button,
      style: at === 0 ? ButtonStyle.Primary : ButtonStyle.Secondary,
      label: text(locale, `button.greeting.${control}`),
      custom_id: controlId('greeting', control),
    }),
  );
  return drawPanel(lines, [{ type: ComponentType.ActionRow, components }]);
}
