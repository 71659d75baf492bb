import type { Problem } from './config-error.js';
import type { logLevels, provenances } from './runtime-variables.js';
import type { sourceHosts } from './service-variables.js';
import type { Shards } from './shard-variables.js';

/** What the operator chose, validated. Times are in ms, VIDEO_DURATION in seconds. */
export interface Config {
  readonly discord: {
    readonly token: string;
    readonly apiUrl: string;
    /** Whether the privileged intent is asked for, so that replies see other users' images; `auto`: if it is granted. */
    readonly messageContent: boolean | 'auto';
    readonly shards: Shards;
  };
  readonly mps: {
    readonly endpoint: string;
    readonly region: string;
    readonly secretId: string;
    readonly secretKey: string;
    readonly sessionToken?: string;
  };
  /** Offers MPS's AdditionalParameters as a JSON option, for what has no option of its own. */
  readonly additionalParameters: boolean;
  readonly quota: {
    /** By variable, `QUOTA_GUILD_IMAGES_DAY`; money in currency units. Absent: no limit. */
    readonly ceiling: Readonly<Record<string, number>>;
    /** IANA; where a guild's days and months begin unless it says otherwise. */
    readonly timeZone: string;
  };
  /** Ids of the users who may change a guild's ceiling. */
  readonly operators: readonly string[];
  /** Pages that members are led to; those that aren't set are absent. */
  readonly links: {
    readonly about?: string;
    readonly privacy?: string;
    readonly terms?: string;
    readonly support?: string;
  };
  /** Where Easel takes orders. */
  readonly access: {
    /** Guilds; none: all of them. */
    readonly guildIds: readonly string[];
    readonly dms: boolean;
    readonly userInstalls: boolean;
  };
  readonly storeUrl: string;
  readonly cos?: {
    readonly bucket: string;
    readonly region: string;
    readonly outputDir: string;
    /** Where the bucket is reached; absent: at Tencent's own address. */
    readonly endpoint?: string;
  };
  /** Where MPS fetches users' images: from Discord; from `cos`, which is set then; or from there if that works. */
  readonly sourceHost: (typeof sourceHosts)[number];
  readonly image: { readonly enabled: boolean; readonly model: string; readonly maxTasks: number };
  readonly video: {
    readonly enabled: boolean;
    readonly model: string;
    readonly duration: number;
    readonly audio: boolean;
    readonly maxTasks: number;
    /** Longest clip that extending may lead to, seconds; absent without ffmpeg: nothing can be joined. */
    readonly extendMaxSeconds?: number;
    /** Scenes of /clip that are switched on. */
    readonly scenes?: readonly string[];
  };
  /** How files travel. */
  readonly transfer: {
    /** Where they lie on the way; a folder of Easel's own in the system's temporary one if it is not set. */
    readonly spoolDir?: string;
    /** Downloads at once, and uploads at once. */
    readonly concurrency: number;
    /** What uploads and images being made smaller may take together, bytes. */
    readonly memory: number;
  };
  /** What is written into files about how they were made, unless a guild says otherwise. */
  readonly provenance: (typeof provenances)[number];
  /** Where originals are kept on this machine's disk; absent: nowhere. */
  readonly archiveDir?: string;
  /** How results are made small enough for Discord. */
  readonly fit: {
    /** Path of the program; without it videos cannot be made smaller. */
    readonly ffmpeg?: string;
    /** Videos at once, and images at once. */
    readonly concurrency: number;
  };
  readonly pollIntervalMs: number;
  readonly taskTimeoutMs: number;
  /** Absent: users aren't pinged when their task is done. */
  readonly notifyAfterMs?: number;
  readonly retentionMs: number;
  readonly shutdownMs: number;
  /** Where health can be asked for; absent: nowhere. */
  readonly health?: { readonly port: number; readonly host: string };
  /** What users ask for is written into the log. */
  readonly logPrompts: boolean;
  /** The channel for alerts to the operator; absent: only the log. */
  readonly operatorChannelId?: string;
  /** The playground looks on: what is going on can be asked for in detail. */
  readonly playground: boolean;
  readonly logLevel: (typeof logLevels)[number];
}

/** What the model catalogue says about names and lengths; passed in, because the catalogue is above this file. */
export interface ModelRules {
  /** `name` is an id or written as users do ("Kling 3.0"). No `durations`: the sources name none. */
  find(
    kind: 'image' | 'video',
    name: string,
  ): { readonly id: string; readonly durations?: readonly number[] } | undefined;
  names(kind: 'image' | 'video'): readonly string[];
  /** Whether there is a time zone of that name. */
  isTimeZone?(name: string): boolean;
  /** What is wrong with the file at MODELS_FILE. */
  readonly problems?: readonly Problem[];
}
