import type { Command } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { UserError } from '../../src/errors.js';
import { complete } from '../shared/autocomplete.js';
import { onlyIf, optionsOf, referenceNames, slashCommand, subcommand } from '../shared/option-builders.js';
import { runAvatar, runMotionControl } from './clip-scenes.js';
import { runExtend, runFromClip } from './clip-subcommands.js';

type Needs = Uses<'cdn' | 'config' | 'gallery' | 'guilds' | 'orders' | 'refusals' | 'tasks'>;

/** `/clip edit`, `/clip motion`, `/clip extend`, and the scenes that an operator has switched on. */
export const clipCommand = {
  name: 'clip',
  kind: 'video',

  data({ catalogue, config }) {
    const { additionalParameters, video } = config;
    const models = catalogue.list('video');
    const has = (scene: string) =>
      models.some(({ clipScenes = [] }) => clipScenes.some((one) => one === scene));
    const takesClips = models.some(({ clips }) => clips);
    return slashCommand('clip', [
      ...onlyIf(
        takesClips,
        subcommand('clip', 'edit', fromClip('clip.edit', additionalParameters)),
        subcommand('clip', 'motion', fromClip('clip.motion', additionalParameters)),
      ),
      ...onlyIf(video.extendMaxSeconds !== undefined, subcommand('clip', 'extend', extension())),
      ...onlyIf(has('motion_control'), subcommand('clip', 'motion_control', motionControl())),
      ...onlyIf(has('avatar_i2v'), subcommand('clip', 'avatar', avatar())),
    ]);
  },

  async run(interaction, bot: Needs) {
    const name = interaction.options.getSubcommand();
    if (name === 'edit') return runFromClip(interaction, 'base', bot);
    if (name === 'motion') return runFromClip(interaction, 'feature', bot);
    if (name === 'extend') return runExtend(interaction, bot);
    if (name === 'motion_control') return runMotionControl(interaction, bot);
    if (name === 'avatar') return runAvatar(interaction, bot);
    throw new UserError({ key: 'error.button.unknown' });
  },

  complete: (interaction, bot: Uses<'guilds'>) => complete('video', interaction, bot),
} satisfies Command<Bot>;

function fromClip(own: 'clip.edit' | 'clip.motion', additional: boolean) {
  const { words, pick, seconds, flag, image, clip } = optionsOf(own);
  return [
    clip('video', true),
    words('prompt', { required: true }),
    pick('model'),
    flag('keep_sound'),
    ...referenceNames.map((name) => image(name)),
    seconds('duration'),
    pick('resolution'),
    words('negative'),
    flag('watermark'),
    flag('enhance'),
    flag('private'),
    ...onlyIf(additional, words('additional')),
  ].sort((a, b) => Number(b.required ?? false) - Number(a.required ?? false));
}

function extension() {
  const { words, pick, seconds, flag, clip } = optionsOf('clip.extend');
  return [
    words('prompt', { required: true }),
    clip('video'),
    seconds('duration'),
    pick('model'),
    pick('resolution'),
    flag('audio'),
    words('negative'),
    flag('enhance'),
    flag('private'),
  ];
}

function motionControl() {
  const { words, pick, flag, image, clip, oneOf } = optionsOf('clip.motion_control');
  return [
    { ...image('image'), required: true },
    clip('video', true),
    words('prompt'),
    oneOf('orientation', 'clip.orientation', ['image', 'video']),
    flag('keep_sound'),
    pick('model'),
    pick('resolution'),
    flag('private'),
  ];
}

function avatar() {
  const { words, pick, flag, image, sound } = optionsOf('clip.avatar');
  return [
    { ...image('image'), required: true },
    sound('sound_file'),
    words('prompt'),
    pick('model'),
    pick('resolution'),
    flag('private'),
  ];
}
