import type { Attachment, ChatInputCommandInteraction } from 'discord.js';
import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { UserError } from '../../src/errors.js';
import { type ClipScene, soundFileRules } from '../../src/mps/catalogue/model-rules.js';
import type { SourceSound, VideoRequest } from '../../src/mps/generation-request.js';
import { given, toSource } from '../shared/option-readers.js';

/** `/clip motion_control`: a picture moves like a clip. @throws UserError */
export async function runMotionControl(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'guilds' | 'orders'>,
): Promise<void> {
  const { options } = interaction;
  const { type: _guessed, ...file } = toSource(options.getAttachment('video', true));
  const keepSound = options.getBoolean('keep_sound') ?? undefined;
  const clip = { ...file, refer: 'feature' as const, ...given({ keepSound }) };
  const orientation = options.getString('orientation') === 'video' ? 'video' : 'image';
  await place(interaction, 'motion_control', { clips: [clip], orientation }, bot);
}

/** `/clip avatar`: a picture speaks. @throws UserError */
export async function runAvatar(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'guilds' | 'orders'>,
): Promise<void> {
  const soundFile = soundIn(interaction.options.getAttachment('sound_file', true));
  await place(interaction, 'avatar_i2v', { soundFile }, bot);
}

/**
 * The sound as Discord describes it; its bytes are looked at once it is ordered.
 * @throws UserError if MPS would refuse it
 */
function soundIn(file: Attachment): SourceSound {
  const { types, maxBytes, seconds } = soundFileRules;
  const [min, most] = seconds;
  const ending = /\.(\w+)$/.exec(file.name)?.[1]?.toLowerCase() ?? '';
  // Only of some files.
  const { duration } = file;
  const isFit = duration === null || (duration >= min && duration <= most);
  if (types.some((type) => type === ending) && file.size <= maxBytes && isFit)
    return { ...toSource(file), sound: true };
  const allowed = types.map((type) => type.toUpperCase());
  const params = { name: file.name, allowed, max: maxBytes / 1e6, min, most };
  throw new UserError({ key: 'error.clip.sound', params });
}

async function place(
  interaction: ChatInputCommandInteraction,
  scene: ClipScene,
  own: Pick<VideoRequest, 'clips' | 'soundFile' | 'orientation'>,
  bot: Uses<'guilds' | 'orders'>,
): Promise<void> {
  const { options } = interaction;
  const request: VideoRequest = {
    kind: 'video',
    prompt: options.getString('prompt') ?? '',
    model: modelFor(scene, options.getString('model'), await bot.guilds.offer(interaction)),
    enhance: false,
    scene,
    image: toSource(options.getAttachment('image', true)),
    ...given({ resolution: options.getString('resolution')?.trim().toUpperCase() }),
    ...own,
  };
  await bot.orders.place(interaction, request, given({ private: options.getBoolean('private') }));
}

/** @throws UserError if no model here has the scene */
function modelFor(scene: ClipScene, asked: string | null, { catalogue }: Offer): string {
  if (asked !== null) return catalogue.find('video', asked)?.id ?? asked;
  const model = catalogue.list('video').find(({ clipScenes = [] }) => clipScenes.includes(scene));
  if (!model) throw new UserError({ key: 'error.clip.noModel' });
  return model.id;
}
