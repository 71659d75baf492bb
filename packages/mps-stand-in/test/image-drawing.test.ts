import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawPicture } from '../src/results/image-drawing.js';
import { loadLettering } from '../src/results/outline-font.js';
import { drawClip } from '../src/results/video-file.js';
import { inBlocks, sizeOf } from '../src/tasks/output-size.js';
import type { Task, TaskRequest } from '../src/tasks/tasks.js';

const fox = { ModelName: 'Kling', ModelVersion: '3.0', Prompt: 'a red fox' };

function task(request: TaskRequest, id = '4-AigcImage-1'): Task {
  return {
    id,
    request,
    undocumented: [],
    createdAt: 0,
    runsAt: 0,
    finishesAt: 0,
    results: 1,
    downloads: 0,
  };
}

describe('the size of a result', () => {
  it.each([
    [{}, '1024x1024'],
    [{ AdditionalParameters: '{"size":"768x1344"}' }, '768x1344'],
    [{ ExtraParameters: { AspectRatio: '16:9', Resolution: '1080P' } }, '1920x1080'],
    [{ ExtraParameters: { AspectRatio: '9:16', Resolution: '720P' } }, '720x1280'],
    [{ ExtraParameters: { AspectRatio: '3:4' } }, '886x1182'],
  ])('of a picture with %j is %s', (params, expected) => {
    const { width, height } = sizeOf({ kind: 'image', params: { ...fox, ...params } });
    expect(`${width}x${height}`).toBe(expected);
  });

  it.each([
    [{}, '1280x720'],
    [{ Resolution: '1080P' }, '1920x1088'],
    [{ Resolution: '1080P', AspectRatio: '9:16' }, '1088x1920'],
    [{ Resolution: '4K' }, '3840x2160'],
    [{ Resolution: '540P', AspectRatio: '1:1' }, '544x544'],
  ])('of a clip with %j is told as %s', (ExtraParameters, expected) => {
    expect(inBlocks(sizeOf({ kind: 'video', params: { ...fox, ExtraParameters } }))).toBe(expected);
  });
});

describe('a drawn picture', () => {
  it('has the format and size asked for, and survives any prompt', async () => {
    const lettering = await loadLettering();
    const prompts = [
      '',
      '<svg onload="x">&amp;\u0000\uFFFF',
      '月光下的湖边'.repeat(40),
      `${'x'.repeat(900)} y`,
      '🦊 \ud800',
    ];
    for (const Prompt of prompts) {
      const ExtraParameters = { AspectRatio: '21:9', OutputFormat: 'jpeg' };
      const request: TaskRequest = { kind: 'image', params: { ...fox, Prompt, ExtraParameters } };
      const { format, width, height } = await sharp(await drawPicture(task(request), lettering)).metadata();
      expect({ format, width, height }).toEqual({ format: 'jpeg', ...sizeOf(request) });
    }
  });

  it('shows the words of its prompt', async () => {
    const lettering = await loadLettering();
    const draw = (Prompt: string) =>
      drawPicture(task({ kind: 'image', params: { ...fox, Prompt } }), lettering);
    const [first, again, other] = await Promise.all([
      draw('a red fox'),
      draw('a red fox'),
      draw('a blue fox'),
    ]);
    expect(first.equals(again)).toBe(true);
    expect(first.equals(other)).toBe(false);
  });
});

describe('lettering', () => {
  const options = { size: 100, width: 1000, most: 2 };

  it('breaks a text between words, and Chinese anywhere', async () => {
    const lettering = await loadLettering();
    expect(lettering.lines('a fox in the silver snow', options)).toEqual(['a fox in the silver', 'snow']);
    expect(lettering.lines('月光下的湖边月光下的湖边', options)).toEqual(['月光下的湖边月光下的', '湖边']);
  });

  it('ends text that does not fit with an ellipsis', async () => {
    const lettering = await loadLettering();
    const lines = lettering.lines('one two three four five six seven eight nine ten eleven', options);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…$/);
    expect(lettering.lines('x'.repeat(99), options)[0]).toMatch(/^x+…$/);
    expect(lettering.lines('', options)).toEqual([]);
  });
});

describe('a clip', () => {
  it.each(['16:9', '9:16', '1:1'])(
    "of %s has a picture track, a sound track and its task's id",
    async (AspectRatio) => {
      const request: TaskRequest = {
        kind: 'video',
        params: { ...fox, ExtraParameters: { AspectRatio } },
      };
      const clip = await drawClip(task(request, '4-AigcVideo-7'));
      const boxes: string[] = [];
      for (let at = 0; at < clip.length; at += clip.readUInt32BE(at))
        boxes.push(clip.toString('latin1', at + 4, at + 8));
      expect(boxes[0]).toBe('ftyp');
      expect(boxes).toContain('moov');
      expect(boxes.at(-1)).toBe('free');
      for (const codec of ['avc1', 'mp4a']) expect(clip.includes(codec)).toBe(true);
      expect(clip.subarray(-13).toString()).toBe('4-AigcVideo-7');
      expect(clip.length).toBeLessThan(64 * 1024);
    },
  );
});
