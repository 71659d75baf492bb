import type { LiveSettings } from '@easel/stand-in-kit';
import { z } from 'zod';

export const settingsSchema = z.strictObject({
  /**
   * What clips are: committed ones, which cost nothing, or ones made with ffmpeg, if it is there, of the frames that were given, in
   * the size that was asked for and with sound.
   */
  clips: z.enum(['committed', 'made']).default('committed'),
  /** Whether clips are taken of which the facts do not say it: in fragments, of unknown length, in 4:4:4. */
  oddClips: z.enum(['refused', 'taken']).default('refused'),
  /** How long a clip becomes that was edited: as long as it was, as was asked, or the longer of both; not documented. */
  editedLength: z.enum(['input', 'asked', 'longer']).default('input'),
  /** Whether MPS is switched on for the account; else everything is FailedOperation.InvalidMpsUser. */
  account: z.enum(['open', 'closed']).default('open'),
  /** Which endpoint this is: the international one serves overseas regions only. */
  site: z.enum(['domestic', 'international']).default('domestic'),
  /** Tasks at a time, of the account and of a model: more are refused. Off-peak tasks do not count. */
  concurrency: z
    .strictObject({
      total: z.int().positive().optional(),
      models: z.record(z.string(), z.int().positive()).default({}),
    })
    .default({ models: {} }),
  /** When a combination that a model can't make is refused, which the sources leave open: at Create, by a FAIL, or never. */
  turndown: z.enum(['create', 'fail', 'never']).default('create'),
  /** How moderation refuses a prompt: the documented code, or the misspelt one that was seen. */
  moderationCode: z
    .enum(['InvalidParameter.ViolationContent', 'InvalidParameter.VoilationContent'])
    .default('InvalidParameter.ViolationContent'),
  /** The answer of a Describe for an unknown or forgotten task: both were seen. */
  unknownTask: z
    .enum(['FailedOperation.TaskNotFound', 'ResourceNotFound'])
    .default('FailedOperation.TaskNotFound'),
  /**
   * Pixels below which a side of an image is too small for Kling. For pictures 256 was seen to fail, and the border is not
   * documented; of a clip's frames nothing was seen, and they are taken to be judged alike.
   */
  klingLeastSide: z
    .strictObject({ image: z.int().positive().default(300), video: z.int().positive().default(300) })
    .default({ image: 300, video: 300 }),
  /** Bytes of a 3d_panorama, about; seen were 27 MB. */
  panoramaBytes: z
    .int()
    .positive()
    .default(27 * 1000 * 1000),
  /** Whether MPS_QcsRole is granted: without it nothing is stored in the operator's bucket, although the task is DONE. */
  role: z.boolean().default(true),
  /** The name of an object in the operator's bucket below CosBucketPath, which is undocumented: {task}, {n} (from 0) and {ext}. */
  objectName: z.string().min(1).default('{task}_{n}.{ext}'),
  /**
   * When a task's objects appear, ms of task time after its end; not documented. Up to 0 they are there before DONE is said, and below
   * 0 while the task still runs; above 0 the links that DONE answers lead to nothing for so long.
   */
  objectsAfterMs: z.number().default(0),
  /** The host of links into the operator's bucket: its address on this machine, or one of its two real names. */
  bucketLinks: z.enum(['loopback', 'myqcloud', 'tencentcos']).default('loopback'),
  /** The host of links to MPS's own hosting: this machine, or a real one of COS, over https or (as the sibling API does) plain http. */
  ownLinks: z.enum(['loopback', 'https', 'http']).default('loopback'),
  /** The prefix of an image task's id; seen were 4 and an account's number. */
  imageIdPrefix: z.string().regex(/^\d+$/).default('4'),
});

export type MpsSettings = z.output<typeof settingsSchema>;
export type MpsSettingsInput = z.input<typeof settingsSchema>;
export type ServiceSettings = LiveSettings<MpsSettings, MpsSettingsInput>;
