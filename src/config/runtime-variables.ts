import { choice, flag, integer, named, text } from './variable-types.js';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export const provenances = ['off', 'model', 'full'] as const;

export const storageVariables = named({
  STORE_URL: text({
    fallback: 'sqlite://data/easel.sqlite',
    pattern: /^(sqlite:(\/\/[^?#]+|:memory:)|rediss?:\/\/([^\s/?#]*@)?[^\s/?#@]+(\/\d{0,3})?)$/,
    allowed: 'sqlite://relative/path, sqlite:///absolute/path, or redis://host:6379 (rediss:// with TLS)',
    hint: (url) =>
      /^rediss?:/.test(url) ? 'which is no address of a Redis' : 'which names no database known here',
    description:
      'Where tasks and settings are stored so that they survive a restart: an SQLite file, relative to the working directory (sqlite://data/easel.sqlite) or absolute (sqlite:///var/lib/easel/easel.sqlite), or a Redis with an append-only file (redis://user:password@host:6379/0, rediss:// with TLS; Redis 7, not a cluster).',
  }),
  RETENTION_DAYS: integer({
    fallback: 35,
    range: [32, 3650],
    unit: 'days',
    hint: 'quotas look back over a whole month',
    description:
      'Days for which a finished task is remembered, 32 to 3650; not fewer, because quotas look back over a whole month.',
  }),
  ARCHIVE_DIR: text({
    fallback: undefined,
    pattern: /./,
    allowed: 'the path of a folder, such as /var/lib/easel/originals',
    description:
      "A directory in which each result is also kept as MPS made it, for the Original button and for results that couldn't be posted. Files are kept for RETENTION_DAYS; a user's files are deleted with their data.",
    example: '/var/lib/easel/originals',
  }),
});

export const fileVariables = named({
  SPOOL_DIR: text({
    fallback: undefined,
    pattern: /./,
    allowed: 'the path of a folder, such as /var/tmp/easel',
    description:
      'The directory in which a result is kept from its download until it is posted. Leave it room for a few hundred MB. What a killed process left there is removed at the next start.',
    example: '/var/tmp/easel',
    defaultNote: "a directory of Easel's own in the system's temporary one",
  }),
  TRANSFER_CONCURRENCY: integer({
    fallback: 4,
    range: [1, 64],
    description: 'How many results are downloaded at once, and how many are posted at once, 1 to 64.',
  }),
  TRANSFER_MEMORY_MB: integer({
    fallback: 128,
    range: [32, 65_536],
    unit: 'MB',
    description:
      'Memory in MB for posting files, reading images, and making images and videos smaller, all together, 32 to 65536. Work that needs more than is free waits; what needs at most an eighth of it, such as posting a file of 10 MiB or reading a picture of 5 million pixels, waits for nothing larger, and may take that beside it. A single image may take 256 MB even if this is less (an AVIF of 12 million pixels does); one that would take more than both is refused by its header, so raise this to allow larger ones. Easel itself needs about 120 MB in addition, and each of up to two processes that read images about 65 MB.',
  }),
  FFMPEG_PATH: text({
    fallback: undefined,
    pattern: /^\//,
    allowed: 'the path of the program, beginning with /, such as /usr/bin/ffmpeg',
    description:
      "The ffmpeg that makes videos smaller if they are too large for a server, and converts those that wouldn't play in every Discord app (anything but H.264 with 8 bits and 4:2:0, and AAC). It also converts or cuts the videos that users hand in if MPS wouldn't take them, and takes the last frame of a video and joins the parts when one is extended. Without ffmpeg, videos that are too large are linked, those that might not play are posted as they are, with a note, a user's video that MPS wouldn't take is refused, and extending is not offered.",
    example: '/usr/local/bin/ffmpeg',
    defaultNote: 'the one on PATH, if any',
  }),
  FIT_CONCURRENCY: integer({
    fallback: 1,
    range: [1, 16],
    description:
      'How many videos, and how many images, are made smaller at the same time, 1 to 16. Each takes a whole processor.',
  }),
  PROVENANCE: choice({
    fallback: 'off',
    words: provenances,
    description:
      'What is written into files about how they were made: off (files are posted byte for byte as MPS made them), model (the model, the date and "AI generated") or full (also the prompt and the task\'s id). A server can choose for itself.',
  }),
});

export const operationVariables = named({
  SHUTDOWN_SECONDS: integer({
    fallback: 20,
    range: [1, 600],
    unit: 'seconds',
    description:
      'Seconds for which a stopping bot may finish what it is posting, 1 to 600. Keep it below the time-out of whatever stops it (docker stop: 10 seconds unless --time says otherwise).',
  }),
  HEALTH_PORT: integer({
    fallback: undefined,
    range: [0, 65_535],
    description:
      'A port that serves health checks over HTTP: /livez (the process responds), /readyz (it can do its work) and /metrics (for Prometheus). With 0 the system picks one, and the log names it.',
    example: '9464',
  }),
  HEALTH_HOST: text({
    fallback: '127.0.0.1',
    pattern: /^[A-Za-z0-9.:-]+$/,
    allowed: 'an address of this machine, such as 127.0.0.1 or 0.0.0.0 (all of them)',
    description:
      'The address that port listens on. It asks for no password: keep it on this machine or in a private network (0.0.0.0 in a container whose port is not published).',
  }),
  LOG_LEVEL: choice({
    fallback: 'info',
    words: logLevels,
    description: 'How much is logged: debug, info, warn or error.',
  }),
  LOG_PROMPTS: flag({
    fallback: false,
    description:
      "Writes users' prompts to the log, at level info. Prompts are private: leave this off unless you need it.",
  }),
  LOCALES_DIR: text({
    fallback: undefined,
    pattern: /./,
    allowed: 'the path of a folder, such as locales',
    description:
      "A folder with languages that you add or correct, without a build: a folder of JSON files for each, named by its tag, with the keys of src/locales/en-US. A file that corrects a language of Easel's needs only the texts that differ; a new language also needs a language.json (see docs/languages.md). Mistakes are reported with their file, line and key. All processes of a fleet need the same files.",
    example: 'locales',
  }),
  PLAYGROUND: flag({
    fallback: false,
    description:
      "Set by the playground: HEALTH_PORT then also serves /state, which describes every task, with users' ids. Leave it out.",
  }),
});
