// What the sample of MPS's product guide is made of, the way it is printed: axios, its own signature, a query every 5 s. It
// has only a limiter more, without which MPS would reject it.
import { createHash, createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { readEnvironment } from '../../src/config/config.js';
import { createLimits } from '../../src/mps/limits/rate-limits.js';

const env = readEnvironment();
/** ms between two queries of a task: 5 s, as in the guide, or less if MPS is faster than in reality. */
const everyMs = Number(env.EVERY_MS ?? 5_000);
const config = {
  url: env.MPS_ENDPOINT ?? '',
  secretId: env.TENCENTCLOUD_SECRET_ID ?? '',
  secretKey: env.TENCENTCLOUD_SECRET_KEY ?? '',
  region: 'ap-guangzhou',
};
export const limits = createLimits();

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac256 = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

function signRequest(action: string, payload: string) {
  const service = 'mps';
  const timestamp = Math.floor(Date.now() / 1000);
  const date = new Date(timestamp * 1000).toISOString().split('T')[0] ?? '';
  const contentType = 'application/json';
  const canonicalHeaders =
    `content-type:${contentType}\n` +
    `host:${service}.tencentcloudapi.com\n` +
    `x-tc-action:${action.toLowerCase()}\n`;
  const signedHeaders = 'content-type;host;x-tc-action';
  const canonicalRequest = `POST\n/\n\n${canonicalHeaders}\n${signedHeaders}\n${sha256(payload)}`;
  const algorithm = 'TC3-HMAC-SHA256';
  const credentialScope = `${date}/${service}/tc3_request`;
  const stringToSign = `${algorithm}\n${timestamp}\n${credentialScope}\n${sha256(canonicalRequest)}`;
  const secretDate = hmac256(`TC3${config.secretKey}`, date);
  const secretService = hmac256(secretDate, service);
  const secretSigning = hmac256(secretService, 'tc3_request');
  const signature = createHmac('sha256', secretSigning).update(stringToSign).digest('hex');
  return {
    Authorization: `${algorithm} Credential=${config.secretId}/${credentialScope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    'Content-Type': contentType,
    Host: `${service}.tencentcloudapi.com`,
    'X-TC-Action': action,
    'X-TC-Timestamp': String(timestamp),
    'X-TC-Version': '2019-06-12',
    'X-TC-Region': config.region,
  };
}

interface Answer {
  readonly Response: {
    readonly TaskId?: string;
    readonly Status?: string;
    readonly ImageUrls?: readonly string[];
  };
}

async function callMpsApi(action: keyof Omit<typeof limits, 'close'>, params: object): Promise<Answer> {
  const payload = JSON.stringify(params);
  return limits[action].run(async () => {
    const response = await axios.post<Answer>(config.url, payload, { headers: signRequest(action, payload) });
    return response.data;
  });
}

/** The links to the pictures of a prompt. @param created is called with the task's id; it is queried afterwards. */
export async function generateImage(
  prompt: string,
  created: (taskId: string | undefined) => Promise<unknown> = async () => undefined,
): Promise<readonly string[]> {
  const { TaskId } = (
    await callMpsApi('CreateAigcImageTask', {
      ModelName: 'Hunyuan',
      ModelVersion: '3.0',
      Prompt: prompt,
      EnhancePrompt: true,
    })
  ).Response;
  await created(TaskId);
  for (;;) {
    await sleep(everyMs);
    const { Status, ImageUrls = [] } = (await callMpsApi('DescribeAigcImageTask', { TaskId })).Response;
    if (Status !== 'WAIT' && Status !== 'RUN') return ImageUrls;
  }
}
