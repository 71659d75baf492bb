import { describe } from 'vitest';
import { modesAreAsInTheFacts } from './modes-grid.js';

describe('every combination of beginning, length, resolution, sound and ratio', () => {
  modesAreAsInTheFacts(4);
});
