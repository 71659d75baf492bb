import { demuxers } from './clip-container.js';
import type { ClipContainer } from './clip-types.js';

/** Decoders of what phones, cameras, browsers and editors write; all others stay shut. */
const decoders = [
  ...['h264', 'hevc', 'vp8', 'libvpx', 'vp9', 'libvpx-vp9', 'libdav1d', 'libaom-av1', 'av1'],
  ...[
    'mpeg4',
    'msmpeg4v3',
    'h263',
    'mjpeg',
    'prores',
    'dnxhd',
    'mpeg2video',
    'gif',
    'qtrle',
    'png',
    'rawvideo',
  ],
  ...[
    'aac',
    'aac_fixed',
    'mp3',
    'mp3float',
    'opus',
    'libopus',
    'vorbis',
    'flac',
    'alac',
    'ac3',
    'eac3',
    'amrnb',
  ],
  ...['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_f32le', 'pcm_u8', 'pcm_alaw'],
  ...['pcm_mulaw', 'adpcm_ima_wav', 'adpcm_ms'],
];

/**
 * ffmpeg's input: the file is what its own first bytes say, whatever is inside, and leads to no other file and to no
 * network. No demuxer of lists, patterns or descriptions is ever asked.
 * @param before options of this input, such as where to begin
 */
export function clipInput(path: string, container: ClipContainer, before: readonly string[] = []): string[] {
  const demuxer = demuxers[container];
  return [
    ...['-protocol_whitelist', 'file', '-format_whitelist', demuxer, '-codec_whitelist', decoders.join(',')],
    ...['-threads', '1', '-f', demuxer],
    ...(demuxer === 'mov' ? ['-enable_drefs', '0', '-use_absolute_path', '0'] : []),
    ...before,
    ...['-i', `file:${path}`],
  ];
}
