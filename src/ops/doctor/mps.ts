import type { MpsClient } from '../../mps/api/client.js';
import { MpsError, mpsConsole } from '../../mps/api/errors.js';
import { minute } from '../../util/time.js';
import { noSuchTask } from '../health/mps-probe.js';
import { type Finding, fail, ok, warn } from './finding.js';

interface Deps {
  readonly mps: Pick<MpsClient, 'describe'>;
  readonly region: string;
  readonly endpoint: string;
  readonly now: () => number;
}

const keysAt = 'console.tencentcloud.com/cam/capi';
/** How far MPS lets a signature's time be off, ms (docs/mps-api.md#clock-and-signature); half of it is worth a warning. */
const toleratedMs = 5 * minute;
const uneasyMs = minute;

/** Checks key, region and clock by polling a task that doesn't exist, which is free. */
export async function checkMps(deps: Deps): Promise<readonly Finding[]> {
  const error = await ask(deps);
  if (error === undefined) return [unjudged('it knows a task that does not exist')];
  if (!(error instanceof MpsError)) return [unreachable(deps, 'no usable answer')];
  // Throttling may also come as a page in front of MPS.
  if (error.reason === 'throttled') return [unjudged(error.code)];
  if (!error.spoken) return [unreadable(deps, error)];
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

/** MPS's response says nothing about the key. */
function unjudged(why: string): Finding {
  return warn('MPS key', `could not be judged (${why})`, 'run the doctor again later');
}

/** Whatever answers isn't MPS. */
function unreadable(deps: Deps, { code, httpStatus }: MpsError): Finding {
  if (httpStatus === undefined) return unreachable(deps, code);
  return fail(
    'MPS',
    `${deps.endpoint} does not speak MPS's API (HTTP ${httpStatus})`,
    'check MPS_ENDPOINT if set, and any proxy in between; a 5xx may pass by itself',
  );
}

function unreachable({ endpoint }: Deps, why: string): Finding {
  return fail(
    'MPS',
    `${endpoint} could not be reached (${why})`,
    'check the network, and MPS_ENDPOINT if set',
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
    'set TENCENTCLOUD_SESSION_TOKEN with fresh temporary keys, or leave it out with permanent ones',
  ],
  [
    'AuthFailure',
    'the key was rejected',
    `check in ${keysAt} whether it is enabled, and whether MPS is switched on for the account`,
  ],
  [
    'UnauthorizedOperation',
    'the key may not use MPS',
    'give its user the policy QcloudMPSFullAccess (Access Management)',
  ],
];

/** What MPS answers for an unknown task once it has accepted the key. */
const unknownTask = [
  'InvalidParameter',
  'InvalidParameterValue',
  'ResourceNotFound',
  'FailedOperation.TaskNotFound',
];

function isOf(code: string, family: string): boolean {
  return code === family || code.startsWith(`${family}.`);
}

function keyFinding({ code, reason }: MpsError): Finding {
  const check = 'MPS key';
  if (isOf(code, 'UnsupportedRegion')) return ok(check, 'not rejected');
  const fault = keyFaults.find(([family]) => isOf(code, family));
  if (reason === 'inactive')
    return fail(
      check,
      `MPS is not switched on for this account (${code})`,
      `sign in at ${mpsConsole} (mainland accounts: https://console.cloud.tencent.com/mps) and activate it`,
    );
  if (fault && reason === 'credentials') return fail(check, `${fault[1]} (${code})`, fault[2]);
  if (reason === 'credentials')
    return fail(check, `MPS rejected the request (${code})`, 'check MPS_ENDPOINT');
  if (reason === 'clock')
    return fail(check, `could not be judged (${code})`, "set this machine's clock correctly");
  if (reason === 'arrears')
    return fail(check, `the account is in arrears (${code})`, 'top it up in the console');
  return isTaken(code) ? ok(check, 'MPS accepts it') : unjudged(code);
}

function isTaken(code: string): boolean {
  return unknownTask.some((family) => isOf(code, family));
}

/** The endpoint for accounts of the international site; it only serves regions outside mainland China. */
const international = 'mps.intl.tencentcloudapi.com';
const mainland = /^ap-(guangzhou|shenzhen|shanghai|beijing|nanjing|chengdu|chongqing)\b/;

function regionFindings({ region, endpoint }: Deps, { code }: MpsError): readonly Finding[] {
  const check = 'MPS region';
  const isInternational = new URL(endpoint).hostname === international;
  const isRefused = isOf(code, 'UnsupportedRegion');
  if (isInternational && (isRefused || mainland.test(region)))
    return [
      fail(
        check,
        `${international} serves only regions outside mainland China, not ${region}`,
        'set TENCENTCLOUD_REGION to an overseas region, for example ap-singapore, or leave MPS_ENDPOINT out',
      ),
    ];
  if (isTaken(code)) return [ok(check, region)];
  if (!isRefused) return [];
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
