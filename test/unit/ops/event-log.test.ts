import { describe, expect, it } from 'vitest';
import { createEventLog } from '../../../src/ops/event-log.js';
import { createFakeClock } from '../../support/clock.js';
import { createCollectingLog } from '../../support/log.js';

describe('the event log', () => {
  it('reports once an hour that a host has an internal address here, and what to do', () => {
    const log = createCollectingLog();
    const clock = createFakeClock();
    const journal = createEventLog({ log, now: clock.now, logPrompts: false });
    for (let time = 0; time < 3; time++) journal.misresolved('results-1.example.com');
    clock.pass(60 * 60_000);
    journal.misresolved('results-1.example.com');
    const line = {
      level: 'error',
      details: { host: 'results-1.example.com', todo: expect.stringContaining('public DNS server') },
    };
    expect(log.lines).toMatchObject([line, line]);
  });
});
