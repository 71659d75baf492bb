// The sample of MPS's product guide as a program, the way it is printed: axios, its own signature, a query every 5 s. It has
// only a limiter more, without which MPS would reject it. Its arguments are those of sample.ts.
import { createHash, createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { readEnvironment } from '../../src/config/config.js';
import { createLimits } from '../../src/mps/limits/rate-limits.js';
import { readArguments } from './sample-arguments.js';

const env = readEnvironment();
const everyMs = Number(env.EVERY_MS ?? 5_000);
const config = {
  url: env.MPS_ENDPOINT ?? '',
  secretId: env.TENCENTCLOUD_SECRET_ID ?? '',
  secretKey: env.TENCENTCLOUD_SECRET_KEY ?? '',
  region: 'ap-guangzhou',
};
const limits = createLimits();

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
  readonly Response: { readonly TaskId?: string; readonly Status?: string };
}

async function callMpsApi(action: keyof Omit<typeof limits, 'close'>, params: object): Promise<Answer> {
  const payload = JSON.stringify(params);
  return limits[action].run(async () => {
    const response = await axios.post<Answer>(config.url, payload, { headers: signRequest(action, payload) });
    return response.data;
  });
}

async function generateImage(n: number): Promise<void> {
  const created = await callMpsApi('CreateAigcImageTask', {
    ModelName: 'Hunyuan',
    ModelVersion: '3.0',
    Prompt: `a red fox, number ${n}`,
    EnhancePrompt: true,
  });
  let status: string | undefined = 'WAIT';
  while (status === 'WAIT' || status === 'RUN') {
    await sleep(everyMs);
    const answer = await callMpsApi('DescribeAigcImageTask', { TaskId: created.Response.TaskId });
    status = answer.Response.Status;
  }
}

const making: Promise<void>[] = [];
for (const waitMs of readArguments(process.argv.slice(2))) {
  await sleep(waitMs);
  making.push(generateImage(making.length));
}
await Promise.all(making);
await limits.close();
