import { MessageFlags } from 'discord.js';
import { expect, it } from 'vitest';
import type { AnswerableInteraction } from '../../../../src/discord/access/request-origin.js';
import { createDeferredReplies } from '../../../../src/discord/interactions/deferred-reply.js';
import { type AnyCard, asV2, drawLines, isV2 } from '../../../../src/discord/views/message.js';
import { UserError } from '../../../../src/errors.js';
import { text } from '../../../../src/locales/index.js';
import { silentLog } from '../../../../src/log.js';

const plain = drawLines(['a list']);
const gallery = asV2(plain);
const refusal = text('en-US', 'gallery.noMatch');

/** A press of a button on a message with these flags. */
const press = (flags: number) => ({ id: '1', message: { flags } }) as unknown as AnswerableInteraction;

/** Replies of which the first fillings fail. */
function setUp({ failures = 0 } = {}) {
  const filled: AnyCard[] = [];
  const deferred = createDeferredReplies({
    responder: {
      defer: async () => '2',
      deferUpdate: async () => {},
      async fill(_, card) {
        filled.push(card);
        if (filled.length <= failures) throw new UserError({ key: 'gallery.noMatch' });
      },
    },
    locale: async () => 'en-US',
    log: silentLog,
  });
  return { deferred, filled };
}
const refuse = async () => {
  throw new UserError({ key: 'gallery.noMatch' });
};

it('what replaces a message of Components V2 is one, an error and a plain card too', async () => {
  const { deferred, filled } = setUp();
  await deferred.update(press(MessageFlags.IsComponentsV2), refuse);
  await deferred.update(press(MessageFlags.IsComponentsV2), async () => ({ card: plain }));
  expect(filled.map(isV2)).toEqual([true, true]);
  expect(filled.map(({ content }) => content)).toEqual([undefined, undefined]);
  expect(JSON.stringify(filled[0])).toContain(refusal);
});

it('an error after a gallery that perhaps arrived is in Components V2', async () => {
  const { deferred, filled } = setUp({ failures: 1 });
  await deferred.whisper(press(0), async () => ({ card: gallery }));
  expect(filled.map(isV2)).toEqual([true, true]);
  expect(JSON.stringify(filled[1])).toContain(refusal);
});

it('other errors are plain text', async () => {
  const { deferred, filled } = setUp();
  await deferred.whisper(press(0), refuse);
  await deferred.update(press(0), refuse);
  expect(filled.map(({ content }) => content)).toEqual([refusal, refusal]);
});
