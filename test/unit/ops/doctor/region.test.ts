import { describe, expect, it } from 'vitest';
import { toMpsError } from '../../../../src/mps/api/errors.js';
import { checkMps } from '../../../../src/ops/doctor/mps.js';

const international = 'https://mps.intl.tencentcloudapi.com';

/** The doctor's line on an MPS that answers a query with this code. */
function consult(code: string, endpoint: string, region: string) {
  const error = toMpsError({ kind: 'refused', action: 'DescribeAigcImageTask', code, httpStatus: 200 });
  const describe = async () => {
    throw error;
  };
  return checkMps({ mps: { describe }, region, endpoint, now: Date.now });
}

const unknownTask = 'InvalidParameterValue.TaskId';

describe('the region', () => {
  it.each([
    [unknownTask, 'ap-guangzhou'],
    [unknownTask, 'ap-shanghai'],
    ['UnsupportedRegion', 'ap-guangzhou'],
  ])('behind the international endpoint must lie overseas (%s, %s)', async (code, region) => {
    const finding = (await consult(code, international, region)).find(({ check }) => check === 'MPS region');
    expect(finding).toMatchObject({ level: 'fail', fix: expect.stringContaining('ap-singapore') });
    expect(finding?.said).toContain(region);
  });

  it.each([
    [international, 'ap-singapore'],
    ['https://mps.tencentcloudapi.com', 'ap-guangzhou'],
    ['https://mps.tencentcloudapi.com', 'ap-singapore'],
  ])('of %s may be %s', async (endpoint, region) => {
    const findings = await consult(unknownTask, endpoint, region);
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
  });
});

it('tells an account without MPS where to switch it on', async () => {
  const findings = await consult(
    'FailedOperation.InvalidMpsUser',
    'https://mps.tencentcloudapi.com',
    'ap-guangzhou',
  );
  expect(findings[0]).toMatchObject({
    level: 'fail',
    fix: expect.stringMatching(/console\..*\/mps.*activate/),
  });
});
