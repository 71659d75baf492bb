import type { ChatInputCommandInteraction } from 'discord.js';
import type { Chosen } from '../../src/discord/input/inline-options.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { eventOf } from '../../src/discord/services/orders.js';
import { UserError } from '../../src/errors.js';
import type { SourceClip } from '../../src/mps/generation-request.js';
import type { Task } from '../../src/tasks/model/task.js';
import { given, referencesOf, toSource } from '../shared/option-readers.js';
import { requestOf } from '../shared/request-builder.js';
import { extensionBy } from './clip-mention.js';
import { clipIn, requireClipModel } from './clip-target.js';
import { questionBefore } from './extension-question.js';

/** `/clip edit` and `/clip motion`. @throws UserError */
export async function runFromClip(
  interaction: ChatInputCommandInteraction,
  refer: SourceClip['refer'],
  bot: Uses<'guilds' | 'orders'>,
): Promise<void> {
  const { options } = interaction;
  const offer = await bot.guilds.offer(interaction);
  requireClipModel(offer);
  const clip = clipIn({ file: toSource(options.getAttachment('video', true)) }, refer);
  const references = referencesOf(interaction);
  const additional = options.getString('additional');
  const writing = {
    words: options.getString('prompt', true),
    chosen: chosenIn(interaction),
    pictures: [],
    clips: [clip],
    ...given({ references, additional }),
  };
  const request = requestOf('video', writing, offer);
  await bot.orders.place(interaction, request, given({ private: options.getBoolean('private') }));
}

/** `/clip extend`: goes on from a clip that is handed in, else from the user's latest one here. @throws UserError */
export async function runExtend(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'gallery' | 'guilds' | 'orders' | 'refusals' | 'tasks'>,
): Promise<void> {
  const { options } = interaction;
  const offer = await bot.guilds.offer(interaction);
  const attachment = options.getAttachment('video');
  const task = attachment ? undefined : await latestClip(interaction, bot);
  const target = { task, ...given({ file: attachment && toSource(attachment) }) };
  const writing = { words: options.getString('prompt', true), chosen: chosenIn(interaction), pictures: [] };
  const planned = extensionBy(writing, target, offer);
  // What comes of a private clip is private.
  const secret = given({
    private: options.getBoolean('private') ?? (task?.origin.private ? true : undefined),
  });
  const question = questionBefore(planned, writing.chosen, offer);
  if (!question) return void (await bot.orders.place(interaction, planned.request, secret));
  throw await bot.refusals.withChoices(question.asked, eventOf(interaction), question.offered, secret);
}

/** @throws UserError if there is none in this channel */
async function latestClip(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'gallery' | 'tasks'>,
): Promise<Task> {
  const id = bot.gallery.latestClip(interaction);
  const task = id && (await bot.tasks.find(id));
  if (!task) throw new UserError({ key: 'error.extend.none' });
  return task;
}

function chosenIn({ options }: ChatInputCommandInteraction): Chosen {
  return given({
    model: options.getString('model'),
    duration: options.getInteger('duration'),
    resolution: options.getString('resolution')?.trim().toUpperCase(),
    negative: options.getString('negative'),
    audio: options.getBoolean('audio'),
    watermark: options.getBoolean('watermark'),
    enhance: options.getBoolean('enhance'),
    keepSound: options.getBoolean('keep_sound'),
  });
}
