import type { ChatInputCommandInteraction } from 'discord.js';
import { type Chosen, formatChosen } from '../../src/discord/input/inline-options.js';
import { draftOf } from '../../src/discord/interactions/order-refusals.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { eventOf } from '../../src/discord/services/orders.js';
import { UserError } from '../../src/errors.js';
import type { GenerationRequest } from '../../src/mps/generation-request.js';
import { textOf } from '../shared/order-form.js';

interface Typed {
  /** The order as far as it could be read. */
  readonly request: GenerationRequest;
  /** The options that may not be readable. */
  readonly typed: Chosen;
}

/**
 * Reads an order.
 * @throws UserError with a button that opens the whole order as a form, if it can't be read.
 */
export async function orAsForm<T>(
  read: () => T,
  { request, typed }: Typed,
  interaction: ChatInputCommandInteraction,
  bot: Uses<'refusals'>,
): Promise<T> {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { options = '', ...text } = textOf(request);
    const { model, ...several } = typed;
    // A comparison is written in the options, all its models with it.
    const line = formatChosen(several.compare && model !== undefined ? typed : several);
    const filled = { ...text, options: `${options} ${line}`.trim() };
    const secret = interaction.options.getBoolean('private') ? { private: true as const } : {};
    const draft = { ...draftOf(request), filled, ...secret };
    const edit = { label: { key: 'button.edit' }, choice: { draft } } as const;
    throw await bot.refusals.withChoices(error, eventOf(interaction), [edit]);
  }
}
