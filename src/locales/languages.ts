// The languages Easel speaks: a folder and a line each. docs/development.md tells how to add one.
export { enUS } from './en-US/index.js';
export { zhCN } from './zh-CN/index.js';
