import type { APIModalInteractionResponseCallbackData } from 'discord.js';
import { expect, it } from 'vitest';
import { openForm } from '../../../commands/shared/order-form.js';
import type { AnswerableInteraction } from '../../../src/discord/access/request-origin.js';
import type { Draft } from '../../../src/discord/interactions/modal-drafts.js';
import type { Bot } from '../../../src/discord/services/bot.js';
import { offer } from './offer.js';

/** The form that opens if no model is available any more: the operator's list has changed since. */
async function opened(draft: Draft) {
  const forms: APIModalInteractionResponseCallbackData[] = [];
  const nothing = { ...offer.catalogue, list: () => [], find: () => undefined };
  const bot = {
    guilds: { offer: async () => ({ ...offer, catalogue: nothing }), locale: async () => 'en-US' },
    gallery: { modelsUsed: () => [] },
    drafts: { keep: () => '1:1' },
    responder: {
      openForm: async (_: unknown, form: APIModalInteractionResponseCallbackData) => void forms.push(form),
    },
  } as Partial<Record<keyof Bot, unknown>> as Bot;
  await openForm({} as AnswerableInteraction, draft, 'form.title.edit', bot);
  return forms[0]?.components.map((row) => ('component' in row ? row.component : undefined)) ?? [];
}

it.each([
  ['image', 1000],
  ['video', 2000],
] as const)('a form for which no %s model is left takes a prompt all the same', async (kind, most) => {
  for (const prompt of ['', 'a fox'])
    expect((await opened({ kind, pictures: [], filled: { prompt } }))[0]).toMatchObject({ max_length: most });
});
