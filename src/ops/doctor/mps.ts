import type { MpsClient } from '../../mps/client.js';
import { MpsError } from '../../mps/errors.js';
import { noSuchTask } from '../reach.js';
import { type Finding, fail, ok, warn } from './finding.js';

interface Deps {
  readonly mps: Pick<MpsClient, 'describe'>;
  readonly region: string;
  readonly endpoint: string;
  readonly now: () => number;
}

const keysAt = 'console.tencentcloud.com/cam/capi';
/** MPS takes a signature that is so old or so new, ms (facts/mps.md), and half of it is worth a word. */
const toleratedMs = 5 * 60_000;
const uneasyMs = 60_000;

/** Key, region and clock, by asking about a task that does not exist: that costs nothing. */
export async function checkMps(deps: Deps): Promise<readonly Finding[]> {
  const error = await ask(deps);
  if (!(error instanceof MpsError) || error.httpStatus === undefined) return [unreachable(deps, error)];
  return [keyFinding(error), ...regionFindings(deps, error), ...clockFindings(deps, error)];
}

async function ask({ mps }: Deps): Promise<unknown> {
  try {
    await mps.describe('image', () => noSuchTask, { signal: AbortSignal.timeout(20_000) });
    return undefined;
  } catch (error) {
    return error;
  }
}

function unreachable({ endpoint }: Deps, error: unknown): Finding {
  const why = error instanceof MpsError ? error.code : 'no usable answer';
  return fail(
    'MPS',
    `${endpoint} could not be asked (${why})`,
    'look at the network, and at MPS_ENDPOINT if set',
  );
}

/** Codes that say which part of the key is wrong (Tencent Cloud docs: "Common error codes"). */
const keyFaults: readonly (readonly [code: string, said: string, fix: string])[] = [
  ['AuthFailure.SecretIdNotFound', 'no such SecretId', `set TENCENTCLOUD_SECRET_ID from ${keysAt}`],
  [
    'AuthFailure.SignatureFailure',
    'the SecretKey does not belong to the SecretId',
    `set TENCENTCLOUD_SECRET_KEY from ${keysAt}`,
  ],
  [
    'AuthFailure.TokenFailure',
    'the session token is wrong or has expired',
    'set TENCENTCLOUD_SESSION_TOKEN with fresh temporary keys, or leave it out with lasting ones',
  ],
  [
    'AuthFailure',
    'the key was refused',
    `look in ${keysAt} whether it is enabled, and whether MPS is switched on for the account`,
  ],
  [
    'UnauthorizedOperation',
    'the key may not use MPS',
    'give its user the policy QcloudMPSFullAccess (Access Management)',
  ],
];

function keyFinding({ code, reason }: MpsError): Finding {
  const check = 'MPS key';
  if (code.startsWith('UnsupportedRegion')) return ok(check, 'not refused');
  const fault = keyFaults.find(([family]) => code === family || code.startsWith(`${family}.`));
  if (fault && reason === 'credentials') return fail(check, `${fault[1]} (${code})`, fault[2]);
  if (reason === 'credentials')
    return fail(check, `MPS refused the request (${code})`, 'look at MPS_ENDPOINT');
  if (reason === 'clock')
    return fail(check, `could not be judged (${code})`, "set this machine's clock right");
  if (reason === 'arrears')
    return fail(check, `the account is in arrears (${code})`, 'top it up in the console');
  return ok(check, 'MPS takes it');
}

function regionFindings({ region }: Deps, { code }: MpsError): readonly Finding[] {
  const check = 'MPS region';
  if (!code.startsWith('UnsupportedRegion')) return [ok(check, region)];
  return [
    fail(check, `MPS is not offered in ${region}`, 'set TENCENTCLOUD_REGION, for example to ap-guangzhou'),
  ];
}

function clockFindings({ now }: Deps, { serverTime }: MpsError): readonly Finding[] {
  const check = 'Clock';
  if (serverTime === undefined) return [];
  const off = now() - serverTime;
  const said = `${Math.round(Math.abs(off) / 1000)} s ${off < 0 ? 'behind' : 'ahead of'} MPS's`;
  const fix = 'let the system keep it right (timedatectl set-ntp true)';
  if (Math.abs(off) >= toleratedMs) return [fail(check, said, fix)];
  if (Math.abs(off) >= uneasyMs) return [warn(check, said, fix)];
  return [ok(check, 'right')];
}
