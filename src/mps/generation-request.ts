/**
 * What a user asked for, in Easel's words; `parameters.ts` turns it into MPS's. Plain JSON: it lives in the ledger.
 */
export type GenerationRequest = ImageRequest | VideoRequest;
export type Kind = GenerationRequest['kind'];

/** A source image uploaded by a user, as MPS fetches it. */
export interface SourceImage {
  /** Address MPS can reach from outside. */
  readonly url: string;
  /** The name the user's file had, shown back to them. */
  readonly name: string;
  /** Found by magic bytes, not by name. */
  readonly type?: string;
  readonly bytes?: number;
  /** Id of the attachment of the answer by which Easel hosts it. */
  readonly hostedAs?: string;
  /** If `url` is Easel's copy: the link of the user's upload. */
  readonly uploaded?: string;
  /** The message that shows it: Discord's links die, and there it is found again under one that lives. */
  readonly from?: { readonly channelId: string; readonly messageId: string };
  /**
   * MPS has made it itself, in the task `by`; its own link lives until then, ms since the epoch, and forever if
   * nothing is said: it names what lies in the operator's bucket, and is signed when it is sent. 0: `url` is another.
   */
  readonly made?: { readonly by: string; readonly until?: number };
}

/** An image that shows what is to be in the image, rather than a frame of it. */
export interface Reference extends SourceImage {
  /** The id a prompt calls this subject by, on models that know subjects (Vidu). */
  readonly subject?: string;
}

/** A clip that goes with an order: one of a user's, or a result. */
export interface SourceClip extends SourceImage {
  /** Its length in seconds and its size in pixels; absent until it was looked at. */
  readonly seconds?: number;
  readonly width?: number;
  readonly height?: number;
  /** `base`: this clip itself is edited. `feature`: its motion is borrowed. */
  readonly refer: 'base' | 'feature';
  /** Whether its sound stays in the result. */
  readonly keepSound?: boolean;
  /** The user agreed that only its first seconds are used. */
  readonly cutTo?: number;
}

/** A sound of a user's. */
export interface SourceSound extends SourceImage {
  readonly sound: true;
}

/** The clip that a new one continues. */
export interface Extension {
  /** The task whose result it is. */
  readonly task?: string;
  /** It is no result: a clip that a user handed in. */
  readonly clip?: SourceClip;
  /** Length of the whole so far, in seconds; absent until a user's clip was looked at. */
  readonly seconds?: number;
}

/** One of several shots of a clip. */
export interface Shot {
  readonly prompt: string;
  /** Seconds. */
  readonly duration: number;
}

/** A style that was chosen for an order, or went without saying, as it was then. */
export interface AppliedPreset {
  /** Its name; of a built-in one its id, which is shown in the reader's language. */
  readonly name: string;
  /** Whose it is. */
  readonly of: 'own' | 'server' | 'builtIn';
  /** Words that go before the prompt, and after it. */
  readonly before?: string;
  readonly after?: string;
  /** Options of the request that it gave: they go with it if another style is chosen. */
  readonly gave?: readonly string[];
}

interface Common {
  /** A catalogue id, `kling-3.0`. */
  readonly model: string;
  readonly negative?: string;
  /** Let MPS rewrite the prompt before it paints. */
  readonly enhance: boolean;
  readonly references?: readonly Reference[];
  /** `16:9`; which ones depends on the model. */
  readonly aspectRatio?: string;
  /** `720P`, `1080P`, `2K`, `4K` … */
  readonly resolution?: string;
  readonly scene?: string;
  readonly watermark?: boolean;
  /** AdditionalParameters, a JSON object as text, for what has no option of its own. */
  readonly additional?: string;
  /** The style. `prompt` stays the user's own: `wordsFor` puts both together. */
  readonly preset?: AppliedPreset;
  /** What no result of this server is to show, added when the order was placed; no member can lift it. */
  readonly house?: string;
  /** More than one result is wanted; absent in a request that is a single Create. */
  readonly set?: SetWish;
}

/**
 * Several results of one order. MPS makes them with a Create each, and takes no seed: the same words differ by chance.
 */
export interface SetWish {
  /** Creates for each model, 1 or more. */
  readonly count: number;
  /** The models to compare, two or more, in the order of their results; the first is the request's own model. */
  readonly compare?: readonly ComparedModel[];
  /** Which result `thenAnimate` animates, from 1; absent: the user chooses once they are there. */
  readonly pick?: number;
}

/** A model in a comparison, and how the request differs for it. */
export interface ComparedModel {
  /** A catalogue id. */
  readonly model: string;
  /** Options of the request that it doesn't take: they are left out for it. */
  readonly without?: readonly (keyof ImageRequest | keyof VideoRequest)[];
  /** What it takes instead. */
  readonly use?: {
    readonly aspectRatio?: string;
    readonly resolution?: string;
    readonly size?: string;
    readonly duration?: number;
  };
}

export interface ImageRequest extends Common {
  readonly kind: 'image';
  readonly prompt: string;
  /** `1024x1024`, for the models that take a size rather than a ratio. */
  readonly size?: string;
  readonly format?: 'png' | 'jpeg';
  /** The video that the image is to become once it is there: an order of its own, without a first frame yet. */
  readonly thenAnimate?: VideoRequest;
}

export interface VideoRequest extends Common {
  readonly kind: 'video';
  /** May be empty if there is an image. */
  readonly prompt: string;
  /** First frame. */
  readonly image?: SourceImage;
  readonly lastImage?: SourceImage;
  /** Seconds. */
  readonly duration?: number;
  /** A sound track made with the video. */
  readonly audio?: boolean;
  readonly music?: boolean;
  /** Cheaper, within 48 h. */
  readonly offPeak?: boolean;
  /** Clips that are edited, or whose motion is borrowed. */
  readonly clips?: readonly SourceClip[];
  /** Its shots, whose seconds sum to the duration; `auto`: the model cuts by itself. */
  readonly shots?: readonly Shot[] | 'auto';
  /** It goes on from the last frame of another clip, which becomes `image`, and is joined to it. */
  readonly extends?: Extension;
  /** Which way it looks if a picture moves like a clip (scene `motion_control`): as in the picture, or as in the clip. */
  readonly orientation?: 'image' | 'video';
  /** What a picture says or sings (scene `avatar_i2v`). */
  readonly soundFile?: SourceSound;
}

/** All that is ordered at once: the request, and what is to follow it. */
export function partsOf(request: GenerationRequest): readonly GenerationRequest[] {
  return request.kind === 'image' && request.thenAnimate ? [request, request.thenAnimate] : [request];
}

/**
 * The request of each Create that an order consists of, without `set`, in the order of the results. An order of one
 * result is itself. A clip chained to one of several pictures is not part of them.
 */
export function createsOf(request: GenerationRequest): readonly GenerationRequest[] {
  if (!request.set) return [request];
  const { set, ...plain } = request;
  const single: GenerationRequest = plain.kind === 'image' ? withoutClip(plain) : plain;
  const models = set.compare ?? [{ model: request.model }];
  return models.flatMap((compared) => Array.from({ length: set.count }, () => requestFor(single, compared)));
}

function withoutClip({ thenAnimate: _clip, ...picture }: ImageRequest): ImageRequest {
  return picture;
}

function requestFor(
  request: GenerationRequest,
  { model, without = [], use }: ComparedModel,
): GenerationRequest {
  const left = Object.entries(request).filter(([option]) => !without.some((name) => name === option));
  return { ...(Object.fromEntries(left) as unknown as GenerationRequest), ...use, model };
}
