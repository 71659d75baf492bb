import { describe, expect, it } from 'vitest';
import { unknownIn } from '../../../src/config/config.js';

const meantBy = (name: string) => unknownIn({ [name]: 'x' })[0]?.meant;

describe('a variable that Easel does not read', () => {
  it.each([
    ['QUOTA_MEMBER_PICTURES_DAY', 'QUOTA_MEMBER_IMAGES_DAY'],
    ['QUOTA_SERVER_IMAGES_DAY', 'QUOTA_GUILD_IMAGES_DAY'],
    ['QUOTA_TOTAL_CLIPS_MONTH', 'QUOTA_TOTAL_SECONDS_MONTH'],
    ['QUOTA_USER_PICTURES_PER_DAY', 'QUOTA_USER_IMAGES_DAY'],
    ['QUOTA_MEMBER_IMAGES_DAILY', 'QUOTA_MEMBER_IMAGES_DAY'],
    ['DISCORD_BOT_TOKEN', 'DISCORD_TOKEN'],
    ['TENCENT_SECRET_ID', 'TENCENTCLOUD_SECRET_ID'],
    ['ALLOWED_SERVER_IDS', 'ALLOWED_GUILD_IDS'],
    ['MAX_PICTURE_TASKS', 'MAX_IMAGE_TASKS'],
    ['discord_bot_token', 'DISCORD_TOKEN'],
  ])('%s is taken for %s', (name, meant) => {
    expect(meantBy(name)).toEqual([meant]);
  });

  it('can resemble several', () => {
    expect(meantBy('QUOTA_IMAGES_DAY')).toEqual([
      'QUOTA_GUILD_IMAGES_DAY',
      'QUOTA_MEMBER_IMAGES_DAY',
      'QUOTA_USER_IMAGES_DAY',
      'QUOTA_TOTAL_IMAGES_DAY',
    ]);
  });

  it.each(['DISCORD_WEBHOOK_URL', 'MPS_TIMEOUT', 'COS_APPID', 'LOG_DIR', 'QUOTA_X'])(
    '%s has a prefix of ours but no known name',
    (name) => {
      expect(unknownIn({ [name]: 'x' })).toEqual([{ variable: name, meant: [] }]);
    },
  );

  it.each(['RUST_LOG_LEVEL', 'AWS_SECRET_ID', 'LOGLEVEL', 'USER', 'npm_config_port', 'PATH', 'NODE_OPTIONS'])(
    '%s belongs to another program',
    (name) => {
      expect(unknownIn({ [name]: 'x' })).toEqual([]);
    },
  );

  it('is not reported if it is ours, empty, or refused as misspelt', () => {
    const env = { QUOTA_TOTAL_COST_DAY: '4', QUOTA_TOTAL_PICTURES_DAY: ' ', QUOTA_TOTAL_COST_DYA: '4' };
    expect(unknownIn({ ...env, QUOTA_TOTAL_COST_DAY: '' })).toEqual([]);
  });
});
