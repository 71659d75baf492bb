// Parts of the stand-in, for benchmarks that simulate MPS without HTTP and for tests that compare its rules with the bot's.
export { Refusal } from './api/api-error.js';
export { imageParameters, readParameters, videoParameters } from './api/parameter-schemas.js';
export { type Action, createLimits, perSecond } from './api/rate-limits.js';
export { readAsset } from './results/assets.js';
export { createTasks, type Durations, type Task } from './tasks/tasks.js';
export { imageRules } from './validation/image-models.js';
export { judgeImage } from './validation/validate-image.js';
export { judgeVideo } from './validation/validate-video.js';
export { videoRules } from './validation/video-models.js';
