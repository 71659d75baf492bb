import { z } from 'zod';

/*
 * The four actions as they look on the wire (Tencent Cloud MPS, version 2019-06-12). Requests are strict: a field that the
 * API does not know is a defect of ours. Answers are lenient: fields are added without notice, and empty lists come as null.
 */

const cos = z.strictObject({
  CosBucketName: z.string().min(1),
  CosBucketRegion: z.string().min(1),
  CosBucketPath: z.string().min(1).exactOptional(),
});

const image = z.strictObject({ ImageUrl: z.url(), ReferenceType: z.string().min(1).exactOptional() });
const flag = z.union([z.literal(0), z.literal(1)]);

const common = {
  ModelName: z.string().min(1),
  ModelVersion: z.string().min(1),
  SceneType: z.string().min(1).exactOptional(),
  Prompt: z.string().min(1).exactOptional(),
  NegativePrompt: z.string().min(1).exactOptional(),
  EnhancePrompt: z.boolean(),
  ImageInfos: z.array(image).min(1).exactOptional(),
  /** A JSON text, not an object. */
  AdditionalParameters: z.string().min(2).exactOptional(),
  StoreCosParam: cos.exactOptional(),
  Operator: z.string().min(1).exactOptional(),
};

export const imageBody = z.strictObject({
  ...common,
  OutputImageCount: z.literal(1).exactOptional(),
  ExtraParameters: z
    .strictObject({
      AspectRatio: z.string().min(3).exactOptional(),
      Resolution: z.string().min(2).exactOptional(),
      LogoAdd: flag.exactOptional(),
      OutputFormat: z.enum(['jpeg', 'png']).exactOptional(),
    })
    .exactOptional(),
});

export const videoBody = z.strictObject({
  ...common,
  ImageUrl: z.url().exactOptional(),
  LastImageUrl: z.url().exactOptional(),
  VideoInfos: z
    .array(
      z.strictObject({
        VideoUrl: z.url(),
        ReferType: z.enum(['feature', 'base']).exactOptional(),
        KeepOriginalSound: z.enum(['yes', 'no']).exactOptional(),
      }),
    )
    .min(1)
    .exactOptional(),
  AudioInfos: z
    .array(z.strictObject({ AudioUrl: z.url() }))
    .min(1)
    .exactOptional(),
  /** Seconds. */
  Duration: z.int().positive().exactOptional(),
  ExtraParameters: z
    .strictObject({
      AspectRatio: z.string().min(3).exactOptional(),
      Resolution: z.string().min(2).exactOptional(),
      LogoAdd: flag.exactOptional(),
      EnableAudio: z.boolean().exactOptional(),
      OffPeak: z.boolean().exactOptional(),
      EnableBgm: z.boolean().exactOptional(),
    })
    .exactOptional(),
});

export const describeBody = z.strictObject({ TaskId: z.string().min(1) });

export type ImageBody = z.infer<typeof imageBody>;
export type VideoBody = z.infer<typeof videoBody>;

/** A Create, ready to be sent. */
export type CreateParameters =
  | { readonly action: 'CreateAigcImageTask'; readonly body: ImageBody }
  | { readonly action: 'CreateAigcVideoTask'; readonly body: VideoBody };

/** The request body each action takes. */
export const bodies = {
  CreateAigcImageTask: imageBody,
  DescribeAigcImageTask: describeBody,
  CreateAigcVideoTask: videoBody,
  DescribeAigcVideoTask: describeBody,
} as const;

export type Action = keyof typeof bodies;

const RequestId = z
  .string()
  .nullish()
  .transform((id) => id ?? '');
const urls = z
  .array(z.string().min(1))
  .nullish()
  .transform((list) => list ?? []);
const words = z
  .string()
  .nullish()
  .transform((text) => text || undefined);

/** `Response` of a Create that worked. */
export const createAnswer = z.object({ TaskId: z.string().min(1), RequestId });

const described = { Status: z.string().min(1), Message: words, RequestId };

/** `Response` of DescribeAigcImageTask. A status that is not known yet is left to the client. */
export const imageAnswer = z
  .object({ ...described, ImageUrls: urls })
  .transform(({ ImageUrls, ...rest }) => ({ ...rest, Urls: ImageUrls, Resolution: undefined }));

/** `Response` of DescribeAigcVideoTask; Resolution is `1920x1088`. */
export const videoAnswer = z
  .object({ ...described, VideoUrls: urls, Resolution: words })
  .transform(({ VideoUrls, ...rest }) => ({ ...rest, Urls: VideoUrls }));

/** Every answer of the API, also its refusals (HTTP 200): `{"Response":{"Error":{"Code","Message"},"RequestId"}}`. */
export const envelope = z.object({ Response: z.looseObject({}) });

/** `Response` of a refusal. */
export const refusal = z.object({ Error: z.object({ Code: z.string().min(1), Message: words }), RequestId });

/** A task as MPS sees it: waiting, running, done, failed. */
export const statuses = ['WAIT', 'RUN', 'DONE', 'FAIL'] as const;
export type Status = (typeof statuses)[number];
