import type { Attachment, ChatInputCommandInteraction } from 'discord.js';
import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import type { Model } from '../../src/mps/catalogue/catalogue.js';
import { beginningOf, canBegin, type Given } from '../../src/mps/catalogue/modes.js';
import type { Kind, Reference, SourceImage } from '../../src/mps/generation-request.js';
import { firstFit } from '../../src/mps/parameters/parameters.js';
import { referenceNames } from './option-builders.js';

/** An uploaded image as a request carries it. */
export function toSource({ url, name, size }: Attachment): SourceImage {
  return { url, name, bytes: size };
}

/** The uploaded references with the names of their subjects, in the same order. */
export function referencesOf({ options }: ChatInputCommandInteraction): Reference[] | undefined {
  const subjects = (options.getString('reference_type') ?? '')
    .split(/[,，]/)
    .map((subject) => subject.trim());
  const references = referenceNames
    .map((name) => options.getAttachment(name))
    .filter((attachment) => attachment !== null)
    .map((attachment, at) => ({ ...toSource(attachment), ...(subjects[at] && { subject: subjects[at] }) }));
  return references.length > 0 ? references : undefined;
}

/** What both kinds of request have in common, without omitted options. */
export function commonOf(interaction: ChatInputCommandInteraction) {
  const { options } = interaction;
  return given({
    negative: options.getString('negative'),
    references: referencesOf(interaction),
    aspectRatio: options.getString('aspect_ratio')?.replace(/\s/g, ''),
    resolution: options.getString('resolution')?.trim().toUpperCase(),
    scene: options.getString('scene'),
    watermark: options.getBoolean('watermark'),
    additional: options.getString('additional'),
  });
}

/** The chosen options, without omitted ones. */
export function given<T extends object>(options: T): Chosen<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as Chosen<T>;
}

type Chosen<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** The model that was named, else one that fits what was given. */
export function chosenModel<K extends Kind>(
  kind: K,
  named: string | null | undefined,
  offer: Offer,
  pictures: Given,
) {
  const asked = named ?? usualModel(kind, offer, pictures);
  return { asked, model: offer.catalogue.find(kind, asked) };
}

/**
 * The default if it can start from what is given, else the first model that can, preferably of the same family. A
 * model that a user named is never replaced.
 */
export function usualModel(kind: Kind, { catalogue, config }: Offer, pictures: Given): string {
  const models: readonly Model[] = catalogue.list(kind);
  const usual: Model | undefined = catalogue.find(kind, config[kind].model);
  if (usual && takes(usual, pictures)) return usual.id;
  const fit = firstFit(models, usual, (model) => takes(model, pictures));
  return (fit ?? usual)?.id ?? config[kind].model;
}

/** True if a model can start from these images, whatever the other options. */
export function takes(model: Model, pictures: Given): boolean {
  if ((pictures.references?.length ?? 0) > model.references) return false;
  return model.kind === 'image' || canBegin(model, beginningOf(pictures));
}
