import { type Message, MessageFlags, type ModalSubmitInteraction } from 'discord.js';
import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import {
  chosenIn,
  formatChosen,
  parseWritten,
  withoutGiven,
} from '../../src/discord/input/inline-options.js';
import type { FormHandler } from '../../src/discord/interactions/command.js';
import type { Draft, FormText } from '../../src/discord/interactions/modal-drafts.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { customId } from '../../src/discord/views/custom-ids.js';
import { asWritten, drawForm, formFields, maxModels } from '../../src/discord/views/order-modal.js';
import { UserError } from '../../src/errors.js';
import type { TextKey } from '../../src/locales/index.js';
import type { Model } from '../../src/mps/catalogue/catalogue.js';
import type { Given } from '../../src/mps/catalogue/modes.js';
import type { GenerationRequest, Kind, SourceClip, SourceImage } from '../../src/mps/generation-request.js';
import { adaptedAs } from '../../src/mps/parameters/compared-fixes.js';
import { longestPrompt } from '../../src/mps/parameters/validation.js';
import type { TaskId } from '../../src/tasks/model/task.js';
import { addedByForm } from './added-part.js';
import { modelLine } from './autocomplete.js';
import { measureOf, readMeasure, withoutFields } from './form-fields.js';
import { given, takes, toSource, usualModel } from './option-readers.js';
import { picked, readWriting, requestOf, type Writing } from './request-builder.js';

/** What opening the form needs. */
export type FormNeeds = 'guilds' | 'gallery' | 'drafts' | 'responder';

/** Opens the form for an order, with what is known filled in. */
export async function openForm(
  interaction: AnswerableInteraction,
  draft: Draft,
  title: TextKey,
  bot: Uses<FormNeeds>,
): Promise<void> {
  const { kind, base, pictures } = draft;
  const [offer, locale] = await Promise.all([bot.guilds.offer(interaction), bot.guilds.locale(interaction)]);
  const filled = filledIn(draft, offer);
  const shown = picturesOf(draft);
  const model = modelFor(draft, shown, offer);
  const used = bot.gallery.modelsUsed(interaction, kind);
  const models = modelsShown(kind, model, used, offer, shown).map((one) => ({
    id: one.id,
    line: modelLine(one, locale, offer.catalogue),
    // What is compared stands in the options: a chosen model would be one more.
    chosen: one.id === model && !isComparison(filled),
  }));
  const fields = {
    customId: customId('order', bot.drafts.keep(interaction, draft)),
    kind,
    ...aboutClip(draft, filled, model, offer),
    title,
    models,
    prompt: filled.prompt,
    // A form about a picture asks what is wanted: sent empty by mistake, it would be a paid surprise.
    promptRequired: base === undefined || pictures.length === 0 || clipsIn(draft) !== undefined,
    // What is too long has to fit in as well, to be shortened.
    promptLimit: Math.max(filled.prompt.length, longestPrompt(kind, offer.catalogue.list(kind))),
    measure: filled.measure ?? '',
    options: filled.options ?? '',
  };
  await bot.responder.openForm(interaction, drawForm(fields, locale));
}

/** What a form says of the clip that it is about. */
function aboutClip(draft: Draft, filled: FormText, model: string, offer: Offer) {
  const { catalogue, config } = offer;
  const before = draft.extends ?? (draft.base?.kind === 'video' ? draft.base.extends : undefined);
  if (!before) return clipsIn(draft) ? ({ about: 'changeclip' } as const) : {};
  const meant = draft.filled?.model;
  const other = meant !== undefined && meant !== model ? catalogue.find('video', model)?.label : undefined;
  const seconds = before.seconds === undefined ? undefined : Math.round(before.seconds);
  const max = config.video.extendMaxSeconds ?? seconds ?? 0;
  const added = addedByForm(before, model, filled, offer);
  return {
    about: 'extend',
    length: { ...given({ seconds, model: other }), max, added },
  } as const;
}

function clipsIn({ clips, base }: Draft): readonly SourceClip[] | undefined {
  return clips ?? (base?.kind === 'video' ? base.clips : undefined);
}

function filledIn({ filled, base }: Draft, { styles }: Offer): FormText {
  if (filled) return filled;
  if (!base) return { prompt: '' };
  const text = textOf(base);
  // An order without a style must not get the one that goes without saying here.
  const isBare = base.preset === undefined && styles?.usualFor(base.kind) !== undefined;
  return isBare ? { ...text, options: `${text.options ?? ''} --style none`.trim() } : text;
}

function isComparison({ options = '' }: FormText): boolean {
  return parseWritten(options).chosen.compare !== undefined;
}

/** A request as the form's fields have it. */
export function textOf(request: GenerationRequest): FormText {
  const chosen = chosenIn(request);
  return {
    prompt: request.prompt,
    model: request.model,
    measure: measureOf(chosen),
    options: formatChosen(withoutGiven(withoutFields(chosen, request.kind), request)),
  };
}

/**
 * A form about pictures. One for a new picture begins with the prompt and the model that the old one was made with.
 * @param made the request that made them, if it is known.
 */
export function aboutPicture(kind: Kind, pictures: readonly SourceImage[], made?: GenerationRequest): Draft {
  if (kind !== 'image' || made?.kind !== 'image') return { kind, pictures };
  // A scene takes a prompt alone, and the follow-up clip has been made.
  const { thenAnimate: _made, scene: _scene, ...same } = made;
  return { kind, pictures, filled: textOf(same) };
}

/** A button or command on a message that only one user sees gets an answer that only they see. */
export function asPrivateAs({ flags }: Pick<Message, 'flags'>): { private?: true } {
  return Number(flags.valueOf()) & MessageFlags.Ephemeral ? { private: true } : {};
}

/** The order as the form opens; a video starts from one of several images. */
function picturesOf(draft: Draft): Given {
  const { kind, base, pictures, uploads = [] } = draft;
  const clips = clipsIn(draft);
  if (clips) return { clips };
  if (draft.extends) return { image: { url: '', name: '' } };
  if (kind === 'image')
    return { references: base && uploads.length > 0 ? uploads : [...pictures, ...uploads] };
  if (base?.kind === 'video' && uploads.length === 0) return base;
  const { pictures: first, lastImage } = placed(kind, pictures.slice(0, 1), uploads);
  const [image] = first;
  return { ...(image && { image }), ...(lastImage && { lastImage }) };
}

/** The model of the order being edited if it still exists and can start this way, else the default. */
function modelFor({ kind, base, filled }: Draft, pictures: Given, offer: Offer): string {
  const named = filled?.model ?? base?.model;
  const before: Model | undefined = named === undefined ? undefined : offer.catalogue.find(kind, named);
  return before && takes(before, pictures) ? before.id : usualModel(kind, offer, pictures);
}

/**
 * Models for the form's select that can start from what there is: those used here, most used first, then the others
 * in catalogue order. The chosen one is always included, at the end if necessary.
 */
function modelsShown(
  kind: Kind,
  chosen: string,
  used: readonly string[],
  { catalogue }: Offer,
  pictures: Given,
): readonly Model[] {
  const all = [...catalogue.list(kind)].filter((model) => takes(model, pictures));
  const order = [...used, ...all.map(({ id }) => id)];
  const known = [...new Set(order)].flatMap((id) => all.find((model) => model.id === id) ?? []);
  const shown = known.slice(0, maxModels);
  const missing = shown.some(({ id }) => id === chosen) ? undefined : catalogue.find(kind, chosen);
  return missing ? [...shown.slice(0, maxModels - 1), missing] : shown;
}

/** Reads the submitted form as an order. */
export const form = {
  verb: 'order',
  async submit(interaction, id, bot: Uses<'drafts' | 'guilds' | 'orders' | 'refusals'>) {
    const draft = await bot.drafts.find(id, interaction.user);
    if (!draft) throw new UserError({ key: 'error.form.gone' });
    const request = await requestIn(interaction, draft, bot);
    const { asked = openingOf(id, draft), private: secret } = draft;
    await bot.orders.place(interaction, request, {
      ...(secret && { private: true }),
      ...(asked && { asked }),
    });
  },
} satisfies FormHandler<Bot>;

/**
 * The event that opened a form about a clip. Such a form is accepted once, as an offer is: a client that heard nothing of
 * the first send lets its user send it again, and seconds cost most.
 */
function openingOf(id: TaskId, draft: Draft): string | undefined {
  return draft.extends || clipsIn(draft) ? id.slice(0, id.indexOf(':')) : undefined;
}

/** @throws UserError with a button that opens the form again as it was sent, if a field can't be read. */
async function requestIn(
  interaction: ModalSubmitInteraction,
  draft: Draft,
  bot: Uses<'guilds' | 'refusals'>,
): Promise<GenerationRequest> {
  const offer = await bot.guilds.offer(interaction);
  try {
    const request = requestOf(draft.kind, writingIn(interaction, draft, offer), offer);
    return adaptedAs(request, draft.base, offer.catalogue);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const event = { id: interaction.id, userId: interaction.user.id };
    const label = { key: 'button.edit' } as const;
    throw await bot.refusals.withChoices(
      error,
      event,
      [{ label, choice: { draft: asSent(interaction, draft) } }],
      {
        asked: draft.asked,
      },
    );
  }
}

/** The draft with what was typed and uploaded. */
function asSent({ fields }: ModalSubmitInteraction, draft: Draft): Draft {
  const [model] = fields.getStringSelectValues(formFields.model);
  const uploads = uploadsIn(fields);
  const filled: FormText = {
    prompt: fields.getTextInputValue(formFields.prompt),
    measure: fields.getTextInputValue(formFields.measure),
    options: fields.getTextInputValue(formFields.options),
    ...(model && model !== asWritten && { model }),
  };
  return { ...draft, filled, ...(uploads.length > 0 && { uploads }) };
}

function uploadsIn(fields: ModalSubmitInteraction['fields']): SourceImage[] {
  // A form about what comes next has no files.
  if (!fields.fields.has(formFields.files)) return [];
  return [...(fields.getUploadedFiles(formFields.files)?.values() ?? [])].map(toSource);
}

function writingIn({ fields }: ModalSubmitInteraction, draft: Draft, offer: Offer): Writing {
  const { kind, base, pictures, uploads: before = [] } = draft;
  const { words: rest, chosen } = readWriting(fields.getTextInputValue(formFields.options), offer);
  if (rest !== '') throw new UserError({ key: 'form.stray', params: { words: rest } });
  const [model] = fields.getStringSelectValues(formFields.model);
  const named =
    model && !(chosen.compare ? isPreset(model, draft, offer) : model === asWritten) ? { model } : {};
  const sent = uploadsIn(fields);
  const uploads = sent.length > 0 ? sent : before;
  const prompt = fields.getTextInputValue(formFields.prompt).trim();
  const all = { ...chosen, ...named, ...readMeasure(kind, fields.getTextInputValue(formFields.measure)) };
  const continued = draft.extends ?? (base?.kind === 'video' ? base.extends : undefined);
  const clips = clipsIn(draft);
  if (continued || clips) {
    const kept = base ? carriedOver(base, [], offer) : {};
    const references = uploads.length > 0 ? { references: uploads } : {};
    const about = continued ? { extends: continued } : { ...(clips && { clips }), ...references };
    return { ...kept, words: prompt, chosen: all, pictures: [], ...about, ...(base && { before: base }) };
  }
  if (base) return { words: prompt, chosen: all, before: base, ...carriedOver(base, uploads, offer) };
  const { line, pictures: one } = picked(prompt, pictures);
  return { words: line, chosen: all, ...placed(kind, one, uploads) };
}

/** Whether the select was left as the form had it: beside a written comparison, that names no further model. */
function isPreset(model: string, draft: Draft, offer: Offer): boolean {
  if (model === asWritten) return true;
  return !isComparison(filledIn(draft, offer)) && model === modelFor(draft, picturesOf(draft), offer);
}

/** For an image, uploads are more references; for a video, two are the first image and the last, and one is the last. */
function placed(kind: Kind, had: readonly SourceImage[], uploads: readonly SourceImage[]) {
  if (kind === 'image') return { pictures: [...had, ...uploads] };
  const [first, last] = uploads.length > 1 ? uploads : [...had, ...uploads];
  return { pictures: first ? [first] : [], ...(last && { lastImage: last }) };
}

/** The earlier request's images, unless new ones are uploaded. */
function carriedOver(base: NonNullable<Draft['base']>, uploads: readonly SourceImage[], { config }: Offer) {
  const { additional } = base;
  // They have no field: if they are switched off, no one could remove them.
  const kept = additional === undefined || !config.additionalParameters ? {} : { additional };
  if (base.kind === 'image')
    return { ...kept, pictures: uploads.length > 0 ? uploads : (base.references ?? []) };
  const first = base.image ? [base.image] : [];
  if (uploads.length > 0) return { ...kept, ...placed('video', first, uploads) };
  const { lastImage, references } = base;
  return { ...kept, pictures: first, ...(lastImage && { lastImage }), ...(references && { references }) };
}
