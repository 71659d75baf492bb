import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import type { GenerationRequest } from '../../../../src/mps/generation-request.js';
import { createOrderCosts } from '../../../../src/tasks/lifecycle/order-costs.js';
import type { Origin, Task } from '../../../../src/tasks/model/task.js';
import { anOrigin, aTask } from '../../../support/tasks.js';

const catalogue = createCatalogue({ extra: ['mj-v7'] });
const enabled = { image: true, video: true };
const costsOf = createOrderCosts({ catalogue, enabled, additional: true, defaults: {} });

/** The lead of an order of several, as admission persists it. */
export function aLead(request: GenerationRequest, origin: Partial<Origin> = {}): Task {
  return aTask({
    ...costsOf(request, { offered: catalogue, mostResults: 9 }),
    origin: anOrigin({ tokenExpiresAt: Date.now() + 900_000, ...origin }),
    history: [{ state: 'received', at: Date.now() }],
  });
}
