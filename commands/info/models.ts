import type { Command } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { drawPages } from '../../src/discord/views/message.js';
import { text } from '../../src/locales/index.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { labelIn, modelLine } from '../shared/autocomplete.js';
import { optionsOf, slashCommand } from '../shared/option-builders.js';

/** `/models`: the available models with their limits and, if known, prices. */
export const models = {
  name: 'models',
  data: () => slashCommand('models', [optionsOf('models').oneOf('kind', 'kind', ['image', 'video'])]),

  async run(interaction, bot: Uses<'guilds' | 'responder'>) {
    const [offer, locale] = await Promise.all([
      bot.guilds.offer(interaction),
      bot.guilds.locale(interaction),
    ]);
    const asked = interaction.options.getString('kind');
    const kinds = (['image', 'video'] as const).filter(
      (kind) => offer.config[kind].enabled && (asked === null || asked === kind),
    );
    const lines = kinds.flatMap((kind) => [heading(kind), ...offer.catalogue.list(kind).map(line)]);
    await bot.responder.whisper(interaction, ...drawPages(lines));

    function heading(kind: Kind): string {
      const model = offer.catalogue.find(kind, offer.config[kind].model);
      const usual = model ? labelIn(model, locale) : '';
      return `**${text(locale, `models.${kind}`)}** · ${text(locale, 'models.usual', { model: usual })}`;
    }
    function line(model: Parameters<typeof modelLine>[0]): string {
      return `-# ${modelLine(model, locale, offer.catalogue)}`;
    }
  },
} satisfies Command<Bot>;
