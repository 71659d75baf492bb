import { createHash, createHmac } from 'node:crypto';
import { Agent } from 'node:http';
import { createMpsStandIn, type MpsStandIn, type MpsStandInOptions } from '@easel/mps-stand-in';
import sdk from 'tencentcloud-sdk-nodejs-mps';
import { z } from 'zod';

/** The stand-ins a test file started, closed after each test by `closeAll`. */
const running: MpsStandIn[] = [];

export async function start(options: MpsStandInOptions = {}): Promise<MpsStandIn> {
  const standIn = await createMpsStandIn({ seed: 1, ...options });
  running.push(standIn);
  return standIn;
}

export async function closeAll(): Promise<void> {
  await Promise.all(running.splice(0).map((standIn) => standIn.close()));
}

/** The official SDK, pointed at a stand-in: it believes that it talks to mps.tencentcloudapi.com. */
export function createSdk(
  standIn: MpsStandIn,
  credential: { secretId?: string; secretKey?: string; token?: string } = {},
) {
  const agent = new Agent({
    lookup: (_host, options, callback) =>
      options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
  });
  return new sdk.mps.v20190612.Client({
    credential: { secretId: standIn.secretId, secretKey: standIn.secretKey, ...credential },
    region: 'ap-guangzhou',
    profile: {
      httpProfile: { endpoint: `mps.tencentcloudapi.com:${standIn.port}`, protocol: 'http://', agent },
    },
  });
}

export interface Call {
  readonly secretId?: string;
  readonly secretKey?: string;
  /** Seconds. */
  readonly timestamp?: number;
  /** Replaces, adds, or with undefined removes headers after signing. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent instead of the JSON of the parameters; the signature is made over it. */
  readonly body?: string;
  readonly signedHeaders?: readonly string[];
  readonly host?: string;
}

const answer = z.object({ Response: z.looseObject({ RequestId: z.uuid() }) });
const refusal = z.object({ Error: z.object({ Code: z.string(), Message: z.string() }) });

/** One request, signed by hand after Tencent's description of TC3-HMAC-SHA256. */
export async function send(
  standIn: MpsStandIn,
  action: string,
  params: object,
  call: Call = {},
): Promise<Response> {
  const body = call.body ?? JSON.stringify(params);
  const timestamp = call.timestamp ?? Math.floor(Date.now() / 1000);
  const headers: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'x-tc-action': action,
    'x-tc-version': '2019-06-12',
    'x-tc-timestamp': String(timestamp),
    'x-tc-region': 'ap-guangzhou',
  };
  const signed = call.signedHeaders ?? ['content-type', 'host', 'x-tc-action'];
  const values: Record<string, string | undefined> = { ...headers, host: call.host ?? '127.0.0.1' };
  const canonical = `POST\n/\n\n${signed.map((name) => `${name}:${values[name]?.toLowerCase()}\n`).join('')}\n${signed.join(';')}\n${sha256(body)}`;
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const scope = `${date}/mps/tc3_request`;
  const key = [date, 'mps', 'tc3_request'].reduce<string | Buffer>(
    hmac,
    `TC3${call.secretKey ?? standIn.secretKey}`,
  );
  const signature = hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`).toString(
    'hex',
  );
  headers.authorization = `TC3-HMAC-SHA256 Credential=${call.secretId ?? standIn.secretId}/${scope}, SignedHeaders=${signed.join(';')}, Signature=${signature}`;
  const sent = Object.entries({ ...headers, ...call.headers }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  );
  return fetch(standIn.url, { method: 'POST', headers: sent, body });
}

/** The fields of an answer's Response. */
export async function fieldsOf(response: Response): Promise<Record<string, unknown>> {
  return answer.parse(await response.json()).Response;
}

/** Sends a request and returns its error code, `OK` if there is none. */
export async function codeOf(
  standIn: MpsStandIn,
  action: string,
  params: object,
  call?: Call,
): Promise<string> {
  const { code } = await outcomeOf(standIn, action, params, call);
  return code;
}

export async function outcomeOf(standIn: MpsStandIn, action: string, params: object, call?: Call) {
  const response = await send(standIn, action, params, call);
  const found = refusal.safeParse(await fieldsOf(response));
  return {
    status: response.status,
    code: found.data?.Error.Code ?? 'OK',
    message: found.data?.Error.Message ?? '',
  };
}

export const fox = { ModelName: 'Hunyuan', ModelVersion: '3.0', Prompt: 'a red fox' };
export const run = { ModelName: 'Kling', ModelVersion: '3.0', Prompt: 'it runs', Duration: 5 };

/** Creates a task and answers its id. */
export async function create(
  standIn: MpsStandIn,
  params: object = fox,
  action = 'CreateAigcImageTask',
): Promise<string> {
  return z.string().parse((await fieldsOf(await send(standIn, action, params))).TaskId);
}

const described = z.looseObject({
  Status: z.string(),
  Message: z.string(),
  ImageUrls: z.array(z.string()).optional(),
  VideoUrls: z.array(z.string()).optional(),
  Resolution: z.string().optional(),
});

export async function describeTask(standIn: MpsStandIn, id: string): Promise<z.infer<typeof described>> {
  const action = id.includes('Image') ? 'DescribeAigcImageTask' : 'DescribeAigcVideoTask';
  return described.parse(await fieldsOf(await send(standIn, action, { TaskId: id })));
}

/** The link of a task's result, once it is done. */
export async function linkOf(standIn: MpsStandIn, id: string): Promise<string> {
  const { ImageUrls, VideoUrls } = await describeTask(standIn, id);
  return z.string().parse((ImageUrls ?? VideoUrls)?.[0]);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
