import { ApplicationCommandOptionType, type AutocompleteInteraction } from 'discord.js';
import type { Choice, Command, Easel } from '../src/discord/command.js';
import type { VideoModel } from '../src/mps/models.js';
import { completeModel, described, given, slashCommand, textOption, toSource } from './options.js';

/** `/animate it runs`, with or without a picture to begin with. */
export const animate = {
  kind: 'video',
  data: slashCommand('animate', 'animate.description', [
    textOption('prompt', 'animate.prompt'),
    { type: ApplicationCommandOptionType.Attachment, name: 'image', ...described('animate.image') },
    textOption('model', 'animate.model', { autocomplete: true }),
    {
      type: ApplicationCommandOptionType.Integer,
      name: 'duration',
      ...described('animate.duration'),
      min_value: 1,
      autocomplete: true,
    },
    textOption('resolution', 'animate.resolution', { autocomplete: true }),
    textOption('aspect_ratio', 'animate.aspect_ratio', { autocomplete: true }),
    { type: ApplicationCommandOptionType.Boolean, name: 'audio', ...described('animate.audio') },
  ]),

  async run(interaction, easel) {
    const { options } = interaction;
    const image = options.getAttachment('image');
    const asked = options.getString('model') ?? easel.config.video.model;
    const model = easel.catalogue.find('video', asked);
    await easel.order(interaction, {
      kind: 'video',
      prompt: options.getString('prompt') ?? '',
      model: model?.id ?? asked,
      enhance: false,
      ...given({
        image: image && toSource(image),
        duration: options.getInteger('duration') ?? usualDuration(model, easel),
        resolution: options.getString('resolution')?.toUpperCase(),
        aspectRatio: options.getString('aspect_ratio'),
        audio: options.getBoolean('audio') ?? (model?.audio ? easel.config.video.audio : undefined),
      }),
    });
  },

  complete(interaction, easel) {
    const { name, value } = interaction.options.getFocused(true);
    if (name === 'model') return completeModel(easel.catalogue, 'video', value);
    return rowsFor(name, chosenModel(interaction, easel)).filter((row) => row.name.startsWith(value.trim()));
  },
} satisfies Command;

/** The operator's VIDEO_DURATION where the model takes it, else the model's own. */
function usualDuration(model: VideoModel | undefined, { config }: Easel): number | undefined {
  return model?.durations.find((seconds) => seconds === config.video.duration) ?? model?.defaultDuration;
}

function chosenModel(
  interaction: AutocompleteInteraction,
  { catalogue, config }: Easel,
): VideoModel | undefined {
  return catalogue.find('video', interaction.options.getString('model') ?? config.video.model);
}

function rowsFor(option: string, model: VideoModel | undefined): Choice[] {
  if (!model) return [];
  if (option === 'duration') return model.durations.map((value) => ({ name: `${value}`, value }));
  const values = option === 'resolution' ? model.resolutions : model.aspectRatios;
  return values.map((value) => ({ name: value, value }));
}
