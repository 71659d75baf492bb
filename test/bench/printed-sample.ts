// The sample of MPS's product guide as a program, the way it is printed. Its arguments are those of sample.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import { generateImage, limits } from './printed-client.js';
import { readArguments } from './sample-arguments.js';

const making: Promise<unknown>[] = [];
for (const waitMs of readArguments(process.argv.slice(2))) {
  await sleep(waitMs);
  making.push(generateImage(`a red fox, number ${making.length}`));
}
await Promise.all(making);
await limits.close();
