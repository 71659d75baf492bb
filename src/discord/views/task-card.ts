import { type APIButtonComponentWithCustomId, ComponentType } from 'discord.js';
import { type Locale, text } from '../../locales/index.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import { sizeOf } from '../../mps/catalogue/modes.js';
import type { GenerationRequest, ImageRequest, Kind, VideoRequest } from '../../mps/generation-request.js';
import { nameOf, type Sharper, sharperThan } from '../../mps/parameters/upscale.js';
import { nameIn } from '../../presets/built-in.js';
import { clipSeconds } from '../../tasks/model/clip-length.js';
import type { Progress } from '../../tasks/model/progress.js';
import { isAlive, isReleasable } from '../../tasks/model/state-machine.js';
import type { Task } from '../../tasks/model/task.js';
import { isUnapproved } from '../../tasks/model/task-record.js';
import { buttonsOfBoth, linesOfClip, withoutOutcome } from './chained-task-card.js';
import type { Verb } from './custom-ids.js';
import { clip, escapeWords } from './markdown.js';
import { type Card, inLines, maxContent, message } from './message.js';
import { creditLine } from './message-link.js';
import { fitLines, isShrunk } from './resize-notes.js';
import { button, endingButtons, endingLine, isHushed, starButtons } from './task-ending.js';
import { statusOf } from './unfinished-card.js';

/**
 * Cards are plain messages, neither embeds nor Components V2: attachments of a plain message show at full width, open
 * and play in every client, and need no Embed Links permission. Everything else is one line.
 */
export interface Cards {
  /** Draws the task as it is now, with the other part of its order if one message shows both. */
  draw(task: Task, progress?: Progress, together?: Together): Card;
}

/** The other part of an order of two. */
export interface Together {
  readonly other: Task;
  /** The video comes in a separate message: this one won't show its progress. */
  readonly apart?: boolean;
}

/** Longest prompt if two share a message, so that the status of neither is cut. */
const maxWordsOfBoth = 600;
/** Room for the mention that starts a separate message, UTF-16 units. */
const roomForMention = 30;

interface Deps {
  readonly catalogue: Catalogue;
  /** Longest clip that extending may lead to, seconds; absent: clips can't be extended. */
  readonly extendMaxSeconds?: number | undefined;
  /** Kinds that are switched on; the others have no buttons. */
  readonly enabled?: Readonly<Record<Kind, boolean>>;
  /**
   * Where the operator keeps a task's results permanently.
   * @default nowhere
   */
  readonly keptIn?: ((task: Task) => string | undefined) | undefined;
}

const everyKind = { image: true, video: true } as const;

export function createCards({ catalogue, enabled = everyKind, extendMaxSeconds, keptIn }: Deps): Cards {
  const offer = { enabled, catalogue, extendMaxSeconds };
  return {
    draw(task, progress = {}, together) {
      if (together) return drawBoth(task, progress, together);
      const told = inLines([creditLine(task), ...body(task, progress)]);
      // The user's own prompt is cut in favour of what is new to them.
      const words = clip(quote(task), maxContent - told.length - roomForMention);
      return message(inLines([words, told]), rowsOf(buttonsOf(task, offer)));
    },
  };

  /** An image, and beneath it the video that is made of it. */
  function drawBoth(task: Task, progress: Progress, { other, apart = false }: Together): Card {
    const [picture, next] = task.after === undefined ? [task, withoutOutcome(other)] : [other, task];
    const both = { picture, clip: next, apart };
    const words = (part: Task) => clip(quote(part), maxWordsOfBoth);
    const told = (part: Task) => [
      words(part),
      ...(part === picture ? [creditLine(picture)] : []),
      ...body(part, part === task ? progress : {}),
    ];
    const facts = () => details(catalogue, next.request, next.origin.locale);
    const rows = buttonsOfBoth(both, (part) => buttonsOf(part, offer));
    return message(
      inLines([...told(picture), ...linesOfClip(both, () => told(next), facts)]),
      rows.flatMap(rowsOf),
    );
  }

  function body(task: Task, progress: Progress): string[] {
    const { locale } = task.origin;
    const { state } = task;
    const ending = endingLine(task);
    if (ending !== undefined) return [ending];
    const facts = [details(catalogue, task.request, locale), ...whatWasChosen(task)].join(' · ');
    if (state.name === 'delivering' || state.name === 'delivered') {
      const told = [facts, ...joinedLine(task), ...surprises(task)];
      return [`-# ${told.join(' · ')}`, ...unjoinedLine(task), ...fitLines(task, keptIn?.(task))];
    }
    const shown = task.origin.sourcesShown ? [`-# ${text(locale, shownKey(task))}`] : [];
    return [`-# ${facts} · ${statusOf(task, progress)}`, ...shown];
  }
}

/** The model, and what was chosen besides. */
function details(catalogue: Catalogue, request: GenerationRequest, locale: Locale): string {
  const facts = [catalogue.find(request.kind, request.model)?.label ?? request.model];
  if (request.kind === 'video') {
    if (request.duration !== undefined)
      facts.push(text(locale, 'card.seconds', { seconds: request.duration }));
    if (request.audio) facts.push(text(locale, 'card.sound'));
    facts.push(...madeFrom(request, locale));
    if (request.shots !== undefined) facts.push(shotsLine(request.shots, locale));
  } else {
    const size = sizeIn(catalogue, request);
    if (size !== undefined) facts.push(size);
  }
  if (request.resolution !== undefined) facts.push(request.resolution);
  if (request.aspectRatio !== undefined) facts.push(request.aspectRatio);
  const styled = request.preset
    ? [text(locale, 'card.style', { style: escapeWords(nameIn(request.preset, locale)) })]
    : [];
  return [...facts.map((fact) => escapeWords(fact)), ...styled].join(' · ');
}

/** The clip that it is made from. */
function madeFrom({ clips = [], extends: before }: VideoRequest, locale: Locale): string[] {
  if (before) return [text(locale, 'card.extends', { seconds: Math.round(before.seconds ?? 0) })];
  const [clip] = clips;
  if (!clip) return [];
  return [text(locale, clip.refer === 'base' ? 'card.edits' : 'card.moves')];
}

/** How long the whole is, of a clip that was joined to the one before it. */
function joinedLine({ whole, origin: { locale } }: Task): string[] {
  if (!whole || 'missing' in whole) return [];
  return [text(locale, 'card.joined', { seconds: Math.round(whole.seconds) })];
}

/** Why it wasn't. */
function unjoinedLine({ whole, origin: { locale } }: Task): string[] {
  return whole && 'missing' in whole ? [`⚠️ ${text(locale, `card.unjoined.${whole.missing}`)}`] : [];
}

function shotsLine(shots: NonNullable<VideoRequest['shots']>, locale: Locale): string {
  return shots === 'auto'
    ? text(locale, 'card.shots.auto')
    : text(locale, 'card.shots', { count: shots.length });
}

/** The size of an image, also one that stands for a ratio. */
function sizeIn(catalogue: Catalogue, request: ImageRequest): string | undefined {
  const model = catalogue.find('image', request.model);
  return model ? sizeOf(model, request) : request.size;
}

/** Short notes if MPS made something other than what was ordered. */
export function surprises({ cost, made, origin: { locale } }: Task): string[] {
  if (!made) return [];
  const differs = made.billed !== cost.amount;
  const key = cost.unit === 'image' ? 'card.made.images' : 'card.made.seconds';
  return [
    ...(differs ? [text(locale, key, { made: made.billed, asked: cost.amount })] : []),
    ...(made.silent ? [text(locale, 'card.made.silent')] : []),
  ];
}

/** Of a mention with a picture the card says whether that is changed or animated. */
function whatWasChosen(task: Task): string[] {
  const { request, origin } = task;
  if (isReplied(task)) return [text(origin.locale, 'card.animates')];
  const changes = origin.replyAs !== undefined && request.kind === 'image' && request.references?.length;
  return changes ? [text(origin.locale, 'card.changes')] : [];
}

/** The prompt, unless Discord blocks it. */
export function quote(task: Task): string {
  const { request, origin, state } = task;
  const { prompt } = request;
  const { wordless, locale } = origin;
  if (isHushed(task)) return '';
  if (isUnapproved(task)) return `-# ${text(locale, 'card.unapprovedWords')}`;
  if (state.name === 'failed' && state.failure.reason === 'words') return '';
  if (wordless) return `-# ${text(locale, 'card.wordless')}`;
  return prompt.trim() === '' ? '' : `> ${escapeWords(prompt)}`;
}

/**
 * Buttons of a task. An outcome has one by whose customId it is found after a crash; a waiting task can be cancelled,
 * a running one dismissed.
 */
function buttonsOf(task: Task, offer: ButtonOffer): APIButtonComponentWithCustomId[] {
  const { enabled } = offer;
  const {
    id,
    state,
    origin: { locale },
  } = task;
  const one = (verb: Verb & ButtonName, label: ButtonName = verb) =>
    button(verb, id, text(locale, `button.${label}`));
  const instead =
    enabled.image && isReplied(task) ? [button('repaint', id, text(locale, 'button.change'))] : [];
  if (state.name === 'awaitingApproval') return [one('cancel')];
  if (state.name === 'queued') return [one('cancel'), ...instead];
  if (isReleasable(state)) return [one('release'), ...instead];
  if (state.name !== 'delivering' && isAlive(state)) return [];
  const isResult = state.name === 'delivering' || state.name === 'delivered';
  if (!isResult) return endingButtons(task);
  const [fromResult, others] = resultButtons(task, locale, offer);
  return [
    ...[one('again'), one('edit')],
    ...fromResult,
    ...instead,
    ...others,
    ...starButtons(task),
    one('delete'),
  ];
}

type ButtonOffer = Required<Pick<Deps, 'enabled'>> & Pick<Deps, 'catalogue' | 'extendMaxSeconds'>;

/** What can be done with a result besides ordering it again or deleting it: with one of its kind alone, and with any. */
export function resultButtons(
  task: Task,
  locale: Locale,
  {
    enabled = everyKind,
    catalogue,
    extendMaxSeconds,
  }: Pick<Deps, 'enabled' | 'catalogue' | 'extendMaxSeconds'>,
): readonly [fromResult: APIButtonComponentWithCustomId[], others: APIButtonComponentWithCustomId[]] {
  const { id, request } = task;
  const one = (verb: Verb & ButtonName) => button(verb, id, text(locale, `button.${verb}`));
  const isPicture = request.kind === 'image';
  const continues = request.kind === 'video' && request.extends !== undefined;
  const sharper = enabled[request.kind] && !continues ? sharperThan(request, catalogue) : undefined;
  const canChange = !isPicture && enabled.video && catalogue.list('video').some(({ clips }) => clips);
  const canExtend = !isPicture && enabled.video && clipSeconds(task) < (extendMaxSeconds ?? 0);
  const isJoined = task.whole !== undefined && 'seconds' in task.whole;
  return [
    [
      ...(isPicture && enabled.video ? [one('animate')] : []),
      ...(isPicture && enabled.image ? [one('remix')] : []),
      ...(canChange ? [one('changeclip')] : []),
      ...(canExtend ? [one('extend')] : []),
    ],
    [
      ...(sharper ? [button('upscale', id, upscaleLabel(request.kind, sharper, locale))] : []),
      ...(isJoined ? [one('part')] : []),
      ...(isShrunk(task) ? [one('original')] : []),
      one('details'),
    ],
  ];
}

/** Whether a mention made a clip of a picture, which may have been meant as a change. */
function isReplied({ request, after, origin: { replyAs } }: Task): boolean {
  return (
    replyAs !== undefined && after === undefined && request.kind === 'video' && request.image !== undefined
  );
}

/** For a video it says that it is made again, because the result won't be the same. */
function upscaleLabel(kind: Kind, sharper: Sharper, locale: Locale): string {
  return text(locale, `button.upscale.${kind}`, { to: nameOf(sharper) });
}

type ButtonName =
  | ('changeclip' | 'extend' | 'part')
  | ('again' | 'edit' | 'animate' | 'remix' | 'original' | 'details' | 'delete')
  | ('cancel' | 'release');

/** Buttons in rows of five, Discord's limit. */
function rowsOf(buttons: readonly APIButtonComponentWithCustomId[]): Card['components'] {
  const rows: Card['components'] = [];
  for (let at = 0; at < buttons.length; at += 5) {
    rows.push({ type: ComponentType.ActionRow, components: buttons.slice(at, at + 5) });
  }
  return rows;
}

/** The hint that everyone can see what had to be attached: a picture, or a clip. */
function shownKey({ request }: Task): 'card.clipShown' | 'card.sourcesShown' {
  const isClip = request.kind === 'video' && request.clips?.some(({ hostedAs }) => hostedAs !== undefined);
  return isClip ? 'card.clipShown' : 'card.sourcesShown';
}
