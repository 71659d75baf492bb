import { type CosBucket, CosError, isRefusal } from '../../media/cos/bucket.js';
import { pixel } from '../../tasks/sources/auto-hosting.js';
import { type Finding, fail, ok, warn } from './finding.js';

interface Asked {
  readonly cos?: { readonly bucket: string; readonly region: string; readonly outputDir: string };
  readonly sourceHost: 'auto' | 'discord' | 'cos';
  /** TENCENTCLOUD_REGION */
  readonly region: string;
}

type Cos = NonNullable<Asked['cos']>;

const check = 'COS bucket';
/** Where users' images are hosted (SOURCE_HOST). */
const sources = 'easel-sources/';

/** @param bucket Easel's client of it; undefined without COS_BUCKET. */
export async function checkCos(asked: Asked, bucket: CosBucket | undefined): Promise<readonly Finding[]> {
  const { cos } = asked;
  if (!cos || !bucket) return [sourceFinding(asked, false)];
  const folders = [cos.outputDir.slice(1), ...(asked.sourceHost === 'discord' ? [] : [sources])];
  const trials = await Promise.all(folders.map((folder) => tryOut(bucket, folder)));
  const [results = untried] = trials;
  const hasSources = trials.length > 1 && works(trials.at(-1) ?? untried);
  return [
    ...trials.map((trial) => judge(trial, cos, asked)),
    ...roleOf(results),
    sourceFinding(asked, hasSources),
  ];
}

const rights = ['cos:PutObject', 'cos:GetObject', 'cos:GetBucket', 'cos:DeleteObject'] as const;
type Right = (typeof rights)[number];

interface Trial {
  readonly folder: string;
  /** Permissions the key lacks there. */
  readonly missing: readonly Right[];
  /** Any other error. */
  readonly trouble?: unknown;
}

const untried: Trial = { folder: '', missing: [...rights] };

function works({ missing, trouble }: Trial): boolean {
  return missing.length === 0 && trouble === undefined;
}

/** Puts a small object there, reads, lists and removes it, as Easel will. */
async function tryOut(bucket: CosBucket, folder: string): Promise<Trial> {
  const signal = AbortSignal.timeout(20_000);
  const key = `${folder}easel-doctor.png`;
  const missing: Right[] = [];
  const attempt = async (right: Right, act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      if (isDenied(error)) missing.push(right);
      // An object that couldn't be put can't be read: a "not found" from COS proves the permission.
      else if (!isAbsent(error)) throw error;
    }
  };
  try {
    await attempt('cos:PutObject', () => bucket.put(key, pixel, { type: 'image/png', signal }));
    await attempt('cos:GetObject', () => bucket.get(key, { signal }));
    // The listing's content isn't checked: it may lag behind.
    if (folder !== sources) await attempt('cos:GetBucket', () => bucket.list(folder, { signal }));
    await attempt('cos:DeleteObject', () => bucket.remove(key, { signal }));
    return { folder, missing };
  } catch (error) {
    return { folder, missing, trouble: error };
  }
}

/** An unknown key or wrong signature says nothing about permissions. */
function isDenied(error: unknown): boolean {
  return isRefusal(error) && error instanceof CosError && !/Signature|AccessKey/.test(error.code ?? '');
}

function isAbsent(error: unknown): boolean {
  return error instanceof CosError && error.code === 'NoSuchKey';
}

function judge({ folder, missing, trouble }: Trial, cos: Cos, { sourceHost }: Asked): Finding {
  if (trouble !== undefined) {
    const code = trouble instanceof CosError ? (trouble.code ?? 'no answer') : 'no answer';
    return fail(
      check,
      `${cos.bucket} in ${cos.region} could not be used (${code})`,
      'check COS_BUCKET and COS_REGION (console › Cloud Object Storage › Bucket list), COS_ENDPOINT and the network',
    );
  }
  const verbs = folder === sources ? 'put, read and removed' : 'put, read, listed and removed';
  if (missing.length === 0) return ok(check, `objects can be ${verbs} under ${folder}`);
  const said = `the API key lacks ${missing.join(', ')} under ${folder}`;
  const fix = `give it this policy (Access Management › Policies): ${policy(cos)}`;
  // Without them users' images go through Discord, unless that is disabled.
  return folder === sources && sourceHost === 'auto' ? warn(check, said, fix) : fail(check, said, fix);
}

/** The minimal policy for Easel. */
export function policy({ bucket, region, outputDir }: Cos): string {
  const appId = bucket.slice(bucket.lastIndexOf('-') + 1);
  const within = (path: string) => `qcs::cos:${region}:uid/${appId}:${bucket}/${path}`;
  const allow = (action: readonly Right[], resource: readonly string[]) => ({
    effect: 'allow',
    action: action.map((right) => `name/${right}`),
    resource,
  });
  return JSON.stringify({
    version: '2.0',
    statement: [
      allow(
        ['cos:PutObject', 'cos:GetObject', 'cos:DeleteObject'],
        [within(`${outputDir.slice(1)}*`), within(`${sources}*`)],
      ),
      allow(['cos:GetBucket'], [within('*')]),
    ],
  });
}

/** Only a result shows whether MPS may write there. */
function roleOf(results: Trial): Finding[] {
  if (results.trouble !== undefined) return [];
  return [
    ok(
      'MPS role',
      'cannot be checked from here: MPS writes to the bucket as MPS_QcsRole, granted in its console under Account authorization; Easel says so in the log if a result does not get there',
    ),
  ];
}

/** Regions of mainland China, from which Discord is often unreachable; Hong Kong's is not one of them. */
const mainland =
  /^ap-(guangzhou|shanghai|nanjing|beijing|tianjin|chengdu|chongqing|shenzhen|qingyuan|zhongwei)/;

function sourceFinding({ cos, sourceHost, region }: Asked, works: boolean): Finding {
  const name = 'SOURCE_HOST';
  if (sourceHost === 'cos') return ok(name, "cos: MPS fetches users' images from the bucket");
  if (sourceHost === 'auto' && cos && works)
    return ok(name, "auto: MPS fetches users' images from the bucket");
  const said = `${sourceHost}: MPS fetches users' images from Discord`;
  if (!mainland.test(region)) return ok(name, said);
  return warn(
    name,
    `${said}, which MPS in ${region} may not reach`,
    'if tasks with a picture fail while those without succeed: set COS_BUCKET and COS_REGION (and SOURCE_HOST=auto or cos), or use a region outside mainland China',
  );
}
