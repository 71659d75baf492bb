export * from './byte-range.js';
export * from './cos-error.js';
export * from './cos-signature.js';
export * from './file-transfer.js';
