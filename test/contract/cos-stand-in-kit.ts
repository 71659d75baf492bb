import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type CosStandIn, type CosStandInOptions, createCosStandIn } from '@easel/cos-stand-in';
import COS from 'cos-nodejs-sdk-v5';

/** The buckets a test file started, closed after each test by `closeBuckets`. */
const running: CosStandIn[] = [];

export async function startBucket(options: CosStandInOptions = {}): Promise<CosStandIn> {
  const standIn = await createCosStandIn({ seed: 1, ...options });
  running.push(standIn);
  return standIn;
}

export async function closeBuckets(): Promise<void> {
  await Promise.all(running.splice(0).map((standIn) => standIn.close()));
}

/** The official COS SDK: it requests the bucket's real host name, at the stand-in's address. */
export function createCosSdk(standIn: CosStandIn, options: COS.COSOptions = {}): COS {
  return new COS({
    SecretId: standIn.secretId,
    SecretKey: standIn.secretKey,
    Protocol: 'http:',
    Ip: `127.0.0.1:${standIn.port}`,
    ...options,
  });
}

/** An Authorization for a path-style request on loopback, made by the official SDK. */
export function authorize(
  standIn: CosStandIn,
  method: string,
  key: string,
  { query = {}, headers, keyTime, secretKey = standIn.secretKey }: Signing = {},
): string {
  return COS.getAuthorization({
    SecretId: standIn.secretId,
    SecretKey: secretKey,
    Method: method as COS.Method,
    Key: key,
    Query: query,
    Headers: headers ?? { host: `127.0.0.1:${standIn.port}` },
    ...(keyTime !== undefined && { KeyTime: keyTime }),
  } as COS.StaticGetAuthorizationOptions);
}

export interface Signing {
  readonly query?: Readonly<Record<string, string>>;
  /** Signed, with the host among them unless it is left out on purpose. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `start;end`, Unix seconds. */
  readonly keyTime?: string;
  readonly secretKey?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a raw request: `fetch` would correct it. */
export function raw(
  standIn: Pick<CosStandIn, 'port'>,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: Buffer | string } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: standIn.port, method, path, headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** The code of an error answer; `OK` for a success. */
export function codeIn({ status, body }: RawAnswer): string {
  return status < 400 ? 'OK' : (/<Code>(\w+)<\/Code>/.exec(body.toString())?.[1] ?? `no code in ${status}`);
}
