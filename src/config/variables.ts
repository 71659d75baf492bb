import { imageVariables, modelVariables, videoVariables } from './generation-variables.js';
import { quotaLimits, quotaTimeZone, quotaVariables } from './quota-variables.js';
import { fileVariables, operationVariables, storageVariables } from './runtime-variables.js';
import {
  bucketVariables,
  discordVariables,
  linkVariables,
  mpsVariables,
  requiredVariables,
} from './service-variables.js';
import { shardVariables } from './shard-variables.js';
import type { Variable } from './variable-types.js';

/** Every variable Easel reads, but for shards and the limits in quotaVariables. */
export const variables = {
  ...requiredVariables,
  ...storageVariables,
  ...imageVariables,
  ...videoVariables,
  ...modelVariables,
  ...discordVariables,
  ...linkVariables,
  ...mpsVariables,
  ...bucketVariables,
  ...fileVariables,
  ...operationVariables,
  ...quotaTimeZone,
} as const;

/** Every variable Easel reads, in the order in which problems are reported. */
export const allVariables = { ...variables, ...shardVariables, ...quotaLimits } as const;

export interface VariableGroup {
  readonly title: string;
  /** What holds for all of them. */
  readonly about?: string;
  readonly variables: readonly Variable<unknown>[];
}

/** All variables as documents show them, in the order of `.env.example`. */
export const variableGroups: readonly VariableGroup[] = [
  { title: 'Required', variables: Object.values(requiredVariables) },
  { title: 'Storage', variables: Object.values(storageVariables) },
  { title: 'Images', variables: Object.values(imageVariables) },
  { title: 'Videos', variables: Object.values(videoVariables) },
  { title: 'Models', variables: Object.values(modelVariables) },
  { title: 'Discord', variables: Object.values(discordVariables) },
  {
    title: 'Pages',
    about:
      'Pages that /about and the greeting link to: https only. Discord asks for the last three to verify an app and to list it (npm run doctor -- --directory).',
    variables: Object.values(linkVariables),
  },
  {
    title: 'Shards',
    about:
      'Discord splits a bot on many servers into shards of at most 2,500 servers each. A process runs as many as Discord recommends or SHARDS says, or, in a cluster, the part of them that SHARD_IDS and SHARD_COUNT name.',
    variables: Object.values(shardVariables),
  },
  { title: 'MPS', variables: Object.values(mpsVariables) },
  { title: 'Bucket', variables: Object.values(bucketVariables) },
  { title: 'Files', variables: Object.values(fileVariables) },
  { title: 'Operation', variables: Object.values(operationVariables) },
  {
    title: 'Limits',
    about:
      "What servers and users may use. A server's moderators can set lower limits, never higher ones. In direct messages, and on servers where only the user installed the bot, a member's limits apply to that user. The limits for one user (QUOTA_USER_…) and for everything (QUOTA_TOTAL_…) follow QUOTA_TIME_ZONE, whatever a server chooses, and only the operator can set them; a bot that anyone may add should have at least one of them. Amounts are whole numbers, except COST: money in the currency of your MODELS_FILE.",
    variables: [...Object.values(quotaTimeZone), ...quotaVariables],
  },
];
