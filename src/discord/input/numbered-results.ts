import type { Attachment, Message } from 'discord.js';
import type { GenerationRequest, SourceImage } from '../../mps/generation-request.js';
import { sourcesOf } from '../../tasks/sources/source-images.js';
import type { AnswerableInteraction } from '../access/request-origin.js';
import { sortOf } from './media-kind.js';
import { picturesAt } from './message-images.js';

/** The number in the name of a result, `a-red-fox-3.png`; undefined if it has none. */
export function numberIn(name: string): number | undefined {
  const [, number] = /-(\d{1,3})\.[a-z0-9]+$/.exec(name) ?? [];
  return number === undefined ? undefined : Number(number);
}

/**
 * The file of the result with this number in the message of a set, by the name that Easel gave it; undefined if it isn't
 * there, perhaps because it was deleted.
 * @param request that of any part: the message may also hold its source images.
 */
export function resultNumbered(
  { attachments }: Message,
  number: number,
  request: GenerationRequest,
): Attachment | undefined {
  const sources = new Set(sourcesOf(request).map(({ hostedAs }) => hostedAs));
  return attachments.find(({ id, name }) => !sources.has(id) && numberIn(name) === number);
}

/** The same as a source image for another order; undefined also if it isn't a picture. */
export function pictureNumbered(
  interaction: AnswerableInteraction,
  message: Message,
  { number, request, cdn }: { number: number; request: GenerationRequest; cdn: string },
): SourceImage | undefined {
  const file = resultNumbered(message, number, request);
  if (!file || sortOf(file.name, file.contentType) !== 'picture') return undefined;
  return picturesAt(interaction, message, cdn).find(({ url }) => url === file.url);
}

/** A picture of a set, with its number in the message: not its place, if others failed or were deleted. */
export interface NumberedPicture extends SourceImage {
  readonly number?: number;
}

/** The names of the source images that a message hosts for MPS while a set fills it. */
const hosted = /^source-\d+\.\w+$/;

/**
 * The pictures of one of Easel's messages with the numbers by which users name them; of any other message, or an order of
 * one, as they are.
 * @param ids customIds of its buttons and selects.
 */
export function withNumbers(
  pictures: readonly SourceImage[],
  ids: readonly string[],
): readonly NumberedPicture[] {
  if (!ids.some((id) => id.startsWith('v1:pick:'))) return pictures;
  const results = pictures.filter(({ name }) => !hosted.test(name));
  return (results.length > 0 ? results : pictures).map((picture) => {
    const number = numberIn(picture.name);
    return number === undefined ? picture : { ...picture, number };
  });
}
